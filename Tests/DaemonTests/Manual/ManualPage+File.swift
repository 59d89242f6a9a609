extension ManualPage {
  static let file = ManualPage(
    name: "ipledgerd.yaml.5",
    text: """
      .Dd November 27, 2026
      .Dt IPLEDGERD.YAML 5
      .Os
      .Sh NAME
      .Nm ipledgerd.yaml
      .Nd configuration of the IP address ledger
      .Sh DESCRIPTION
      The configuration of
      .Xr ipledgerd 8 ,
      in YAML.
      A dot in a key stands for a mapping:
      .Ic limits.depth
      is the key
      .Ic depth
      in the mapping
      .Ic limits .
      Lists are lists of YAML, or one text with commas.
      .Pp
      Unknown keys, keys that stand there twice and values of the wrong kind are mistakes.
      .Ic ipledgerd --check-config
      names all of them at once.
      .Pp
      Rules of
      .Ic access
      and files of
      .Ic tls
      are read anew on
      .Dv SIGHUP ;
      everything else at the start.
      .Sh KEYS
      .Bl -tag -width Ds
      \(keys)
      .El
      .Sh ACCESS RULES
      A rule of
      .Ic access
      is a mapping.
      It names one of
      .Ic uid
      and
      .Ic gid ,
      by number or name,
      .Ic certificate ,
      with at most one
      .Sq * ,
      and
      .Ic token ,
      as
      .Ql sha256:
      and 64 hexadecimal digits.
      Its
      .Ic role
      is one of reader, allocator, controller and admin; the strongest of all rules that match
      counts.
      With
      .Ic scope : node
      an allocator changes pods of one node only.
      .Sh EXAMPLES
      .Bd -literal -offset indent
      ledger: /var/lib/ipledger/ledger.db
      serviceClusterIPRange: 10.96.0.0/16,fd00:10:96::/108
      clusterCIDR: 10.244.0.0/16,fd00:10:244::/56
      quarantineSeconds: 30
      limits: {batch: 1000}
      tls:
        certificate: tls_server.pem
        key: tls_server.key
        clientCA: tls_clients.pem
      access:
        - {gid: ipledger, role: allocator}
        - {certificate: "system:node:*", role: allocator, scope: node}
      .Ed
      .Sh SEE ALSO
      .Xr ipledgerd 8

      """)
}
