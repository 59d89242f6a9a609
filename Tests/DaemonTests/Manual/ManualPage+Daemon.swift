extension ManualPage {
  static let daemon = ManualPage(
    name: "ipledgerd.8",
    text: """
      .Dd November 27, 2026
      .Dt IPLEDGERD 8
      .Os
      .Sh NAME
      .Nm ipledgerd
      .Nd IP address ledger of a Kubernetes cluster
      .Sh SYNOPSIS
      .Nm
      .Op Fl -config Ar FILE.yaml
      .Op Fl -check-config
      .Op Ar options
      .Sh DESCRIPTION
      .Nm
      hands out the IP addresses of a Kubernetes cluster: pod CIDRs for nodes, addresses for pods,
      cluster IPs for Services, of both families at once.
      An answer to a change means that it is on disk.
      .Pp
      Clients speak JSON-RPC 2.0, one message a line, on Unix and TCP sockets, with TLS or without.
      Sockets that the service manager hands over are served besides those of
      .Fl -listen :
      one with the name
      .Dq tls
      under TLS, and one with the name
      .Dq metrics
      for metrics and health over HTTP.
      .Sh OPTIONS
      Every option has a key in the configuration file, described in
      .Xr ipledgerd.yaml 5 ,
      and an environment variable.
      Options win over the environment, and that over the file.
      Lists are separated by commas.
      .Bl -tag -width Ds
      .It Fl -config Ar FILE.yaml
      The configuration file.
      .It Fl -check-config
      Checks the configuration, names every mistake, and exits: with 0, or with 78 when there are
      some.
      .It Fl -version
      Prints the version.
      .It Fl -help
      Prints a summary.
      \(flags)
      .El
      .Sh ENVIRONMENT
      The variable of an option is
      .Ev IPLEDGER_
      and its name in upper case, with underscores for hyphens, such as
      .Ev IPLEDGER_CLUSTER_CIDR .
      .Bl -tag -width Ds
      .It Ev IPLEDGER_CONFIG
      The configuration file.
      .It Ev STATE_DIRECTORY , Ev LISTEN_FDS , Ev NOTIFY_SOCKET , Ev WATCHDOG_USEC , Ev CREDENTIALS_DIRECTORY
      What the service manager sets: the folder of the ledger, inherited sockets, where to tell that
      it serves, how often to prove that it works, and where certificates without a slash in their
      names lie.
      .El
      .Sh SIGNALS
      .Bl -tag -width Ds
      .It Dv SIGTERM , Dv SIGINT
      Takes nothing new, answers what was asked, closes the ledger, and exits with 0.
      .It Dv SIGHUP
      Reads the configuration anew.
      Access rules and certificates change without dropping a connection; with a mistake nothing
      does.
      .El
      .Sh FILES
      .Bl -tag -width Ds
      .It Pa /etc/ipledger/ipledgerd.yaml
      The configuration of the service.
      .It Pa /etc/ipledger/tls
      Certificates and keys, which the service gets as credentials.
      .It Pa /var/lib/ipledger/ledger.db
      The ledger, with SQLite's side files beside it.
      All of them belong together.
      .It Pa /run/ipledger/ipledger.sock
      The socket of the service.
      .El
      .Sh EXIT STATUS
      .Bl -tag -width Ds
      .It 0
      It was stopped by
      .Dv SIGTERM
      or
      .Dv SIGINT .
      .It 64
      An option is unknown.
      .It 65
      The ledger is damaged, or is none.
      .It 69
      Another process serves the ledger or the socket.
      .It 73
      A file or a socket cannot be made.
      .It 74
      A change could not be made durable.
      It may be there or not; start again, and repeat the request.
      .It 78
      The configuration is refused.
      .El
      .Sh EXAMPLES
      A cluster with both families, IPv4 first:
      .Bd -literal -offset indent
      ipledgerd --ledger ./ledger.db --listen unix:./ipledger.sock \\e
        --service-cluster-ip-range 10.96.0.0/16,fd00:10:96::/108 \\e
        --cluster-cidr 10.244.0.0/16,fd00:10:244::/56
      .Ed
      .Pp
      A request:
      .Bd -literal -offset indent
      echo '{"id":1,"method":"server.info"}' |
        socat - UNIX-CONNECT:./ipledger.sock
      .Ed
      .Sh SEE ALSO
      .Xr ipledgerd.yaml 5 ,
      .Xr systemd.socket 5 ,
      .Pa /usr/share/doc/ipledger/PROTOCOL.md.gz ,
      .Pa /usr/share/doc/ipledger/RUNBOOK.md.gz

      """)
}
