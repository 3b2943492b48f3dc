"""``--format asff``: the AWS Security Finding Format, for AWS Security Hub."""
