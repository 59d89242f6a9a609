import Addressing
import Transport

extension SettingValues {
  mutating func readMetricsEndpoint() -> Endpoint? {
    guard let text = text(.metricsListen) else { return nil }
    do throws(EndpointError) {
      let endpoint = try Endpoint(parsing: text)
      if case .tcp = endpoint { return endpoint }
      find(source(.metricsListen), .invalid, "'\(text)' must be tcp:HOST:PORT")
    } catch {
      find(source(.metricsListen), .invalid, error.description)
    }
    return nil
  }
}
