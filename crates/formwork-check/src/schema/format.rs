//! Formats: what ids, names and ARNs of other resources look like.

/// A format of the facts: its name, the rule on it, and the pattern that texts have. The id of a key
/// is nowhere the only thing that may stand.
type Format = (&'static str, &'static str, &'static str);

const FORMATS: [Format; 14] = [
    ("AWS::EC2::SecurityGroup.Id", "E1150", "^sg-([a-fA-F0-9]{8}|[a-fA-F0-9]{17})$"),
    ("AWS::EC2::VPC.Id", "E1151", "^vpc-([0-9A-Fa-f]{8}|[0-9A-Fa-f]{17})$"),
    ("AWS::EC2::Image.Id", "E1152", "^ami-([0-9a-z]{8}|[0-9a-z]{17})$"),
    ("AWS::EC2::SecurityGroup.Name", "E1153", r"^[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]+$"),
    ("AWS::EC2::Subnet.Id", "E1154", "^subnet-([0-9A-Fa-f]{8}|[0-9A-Fa-f]{17})$"),
    ("AWS::Logs::LogGroup.Name", "E1155", r"^[.\-_/#A-Za-z0-9]{1,512}$"),
    ("AWS::IAM::Role.Arn", "E1156", r"^arn:aws[a-z-]*:iam::\d{12}:role/.+$"),
    ("AWS::KMS::Key.Arn", "E1157", r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)/.+$"),
    ("AWS::SNS::Topic.Arn", "E1158", r"^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:.+$"),
    ("AWS::ACM::Certificate.Arn", "E1159", r"^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/.+$"),
    ("AWS::Lambda::Function.Arn", "E1160", r"^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:.+$"),
    ("AWS::S3::Bucket.Name", "E1161", r"^[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9]$"),
    ("AWS::KMS::Key.Id", "E3017", r"^([0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}|mrk-[0-9a-f]{32})$"),
    ("AWS::KMS::Alias.AliasName", "E1164", "^alias/[a-zA-Z0-9:/_-]+$"),
];

/// The rule on a format, and the pattern that texts of it have.
pub(crate) fn pattern(format: &str) -> Option<(&'static str, &'static str)> {
    // A list of ids bears the plural on each of its items too.
    let singular = format.strip_suffix('s').unwrap_or(format);
    let known = FORMATS.iter().find(|(name, ..)| *name == format || *name == singular)?;
    Some((known.1, known.2))
}
