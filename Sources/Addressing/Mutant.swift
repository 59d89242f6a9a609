import Glibc
package let mutantName: String = unsafe getenv("MUTANT").map { unsafe String(cString: $0) } ?? ""
package func isMutant(_ name: String) -> Bool { mutantName == name }
