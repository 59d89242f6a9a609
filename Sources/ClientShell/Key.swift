/// What somebody pressed.
enum Key: Sendable, Hashable {
  case character(Character)
  case enter, tab, backspace, delete, escape
  case left, right, up, down, home, end
  case wordLeft, wordRight
  /// Control with a letter, in lower case.
  case control(Character)
}
