/// How many families a Service wants: the values of `ipFamilyPolicy`.
enum StackPolicy: String, CaseIterable {
  case single = "SingleStack"
  case prefer = "PreferDualStack"
  case require = "RequireDualStack"
}
