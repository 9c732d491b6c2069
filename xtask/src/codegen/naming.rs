//! Names of AWS as names of Rust.
//!
//! `VPC` becomes `Vpc` and `DBInstanceIdentifier` becomes `db_instance_identifier`: `heck` splits
//! words, [`SPELLINGS`] says where it would split a word that is one.

use heck::{ToShoutySnakeCase as _, ToSnakeCase as _, ToUpperCamelCase as _};

/// Words that mix cases, and how they look as one word.
const SPELLINGS: [(&str, &str); 42] = [
    ("CIDRIP", "CidrIp"),
    ("CloudHSMv2", "CloudHsmV2"),
    ("DDoS", "Ddos"),
    ("DynamoDBv2", "DynamoDbV2"),
    ("ETag", "Etag"),
    ("FSx", "Fsx"),
    ("GBps", "Gbps"),
    ("GiBps", "Gibps"),
    ("GiBs", "Gibs"),
    ("GiB", "Gib"),
    ("GitHub", "Github"),
    ("GitLab", "Gitlab"),
    ("GraphQL", "Graphql"),
    ("IPSec", "Ipsec"),
    ("IdC", "Idc"),
    ("IdP", "Idp"),
    ("IoT", "Iot"),
    ("IpV4", "Ipv4"),
    ("IpV6", "Ipv6"),
    ("KBps", "Kbps"),
    ("KiB", "Kib"),
    ("LoRaWAN", "Lorawan"),
    ("LoRa", "Lora"),
    ("MACsec", "Macsec"),
    ("MBps", "Mbps"),
    ("MLflow", "Mlflow"),
    ("MiBps", "Mibps"),
    ("MiB", "Mib"),
    ("MySQL", "Mysql"),
    ("NoSQL", "Nosql"),
    ("OAuth", "Oauth"),
    ("PostgreSQL", "Postgresql"),
    ("QoS", "Qos"),
    ("RStudio", "Rstudio"),
    ("SaaS", "Saas"),
    ("SerDe", "Serde"),
    ("TiB", "Tib"),
    ("VCenter", "Vcenter"),
    ("VCpu", "Vcpu"),
    ("WiFi", "Wifi"),
    ("XRay", "Xray"),
    ("vCpu", "Vcpu"),
];

/// Keywords, and the names that are no raw identifiers either.
const KEYWORDS: [&str; 48] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];
const NEVER_RAW: [&str; 5] = ["self", "super", "crate", "Self", "_"];

/// A type: `Vpc`.
pub(crate) fn pascal(name: &str) -> String {
    identifier(spelled(name).to_upper_camel_case())
}

/// A function, a field or a module: `db_instance_identifier`, `r#type`.
pub(crate) fn snake(name: &str) -> String {
    identifier(bare_snake(name))
}

/// A constant: `AWS_KMS`, `_1_DAY`.
pub(crate) fn constant(name: &str) -> String {
    let constant = spelled(name).to_shouty_snake_case();
    if constant.starts_with(|first: char| first.is_ascii_digit()) || constant.is_empty() {
        format!("_{constant}")
    } else {
        constant
    }
}

/// The type of what `property` of `owner` is: `VpcId` for `VpcId` of `VPC`, `RoleArn` for `Arn` of
/// `Role`. A word that ends the owner and starts the property stands once, so that AWS's several
/// names for one thing (`Id` and `GroupId` of `SecurityGroup`) become one.
pub(crate) fn joined(owner: &str, property: &str) -> String {
    let (owner, property) = (words(owner), words(property));
    let shared = shared_words(&owner, &property);
    identifier([&owner[..], &property[shared..]].concat().join("_").to_upper_camel_case())
}

/// `property` without what the name of its owner says already: `id` for `VpcId` of `VPC`.
pub(crate) fn short(owner: &str, property: &str) -> String {
    let (owner, property) = (words(owner), words(property));
    let shared = shared_words(&owner, &property);
    let rest = if shared == property.len() { &property[..] } else { &property[shared..] };
    identifier(rest.join("_"))
}

fn shared_words(owner: &[String], property: &[String]) -> usize {
    (0..=owner.len().min(property.len()))
        .rev()
        .find(|count| owner.ends_with(&property[..*count]))
        .unwrap_or(0)
}

fn words(name: &str) -> Vec<String> {
    bare_snake(name).split('_').map(str::to_owned).collect()
}

fn bare_snake(name: &str) -> String {
    spelled(name).to_snake_case()
}

fn identifier(name: String) -> String {
    if NEVER_RAW.contains(&name.as_str()) {
        format!("{name}_")
    } else if KEYWORDS.contains(&name.as_str()) {
        format!("r#{name}")
    } else if name.starts_with(|first: char| first.is_ascii_digit()) {
        format!("_{name}")
    } else {
        name
    }
}

/// The name with mixed-case words and plurals of acronyms (`ARNs`) spelled as one word.
fn spelled(name: &str) -> String {
    let mut spelled = name.to_owned();
    for (mixed, word) in SPELLINGS {
        spelled = spelled.replace(mixed, word);
    }
    fold_acronyms(&spelled)
}

/// `ARNs` to `Arns` and `IPv4` to `Ipv4`: capitals that a lone `s` or a version follows.
fn fold_acronyms(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut folded = String::with_capacity(name.len());
    let mut start = 0;
    while start < chars.len() {
        let end = start + chars[start..].iter().take_while(|c| c.is_ascii_uppercase()).count();
        let after = (chars.get(end), chars.get(end + 1));
        let is_plural =
            matches!(after, (Some('s'), next) if next.is_none_or(|c| !c.is_ascii_lowercase()));
        let is_versioned = matches!(after, (Some('v'), Some(next)) if next.is_ascii_digit());
        if end - start >= 2 && (is_plural || is_versioned) {
            folded.push(chars[start]);
            folded.extend(chars[start + 1..end].iter().map(char::to_ascii_lowercase));
            folded.push(chars[end]);
            start = end + 1;
        } else {
            let end = end.max(start + 1);
            folded.extend(&chars[start..end]);
            start = end;
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acronyms_are_words() {
        for (name, expected) in [
            ("VPC", "Vpc"),
            ("DBInstance", "DbInstance"),
            ("EC2Fleet", "Ec2Fleet"),
            ("GraphQLApi", "GraphqlApi"),
            ("WebACL", "WebAcl"),
            ("IPSet", "IpSet"),
            ("FSxLustre", "FsxLustre"),
            ("OIDCProvider", "OidcProvider"),
        ] {
            assert_eq!(pascal(name), expected);
        }
        for (name, expected) in [
            ("DBInstanceIdentifier", "db_instance_identifier"),
            ("TargetGroupARNs", "target_group_arns"),
            ("CallbackURLs", "callback_urls"),
            ("PreferredCacheClusterAZs", "preferred_cache_cluster_azs"),
            ("CidrIpv6", "cidr_ipv6"),
            ("EnableIPv6", "enable_ipv6"),
            ("VCpuCount", "vcpu_count"),
            ("SSEKMSKeyId", "ssekms_key_id"),
            ("StorageInTBs", "storage_in_tbs"),
            ("SizeInGBs", "size_in_gbs"),
            ("OKActions", "ok_actions"),
            ("Endpoint.Address", "endpoint_address"),
            ("HTTPsOnly", "https_only"),
        ] {
            assert_eq!(snake(name), expected);
        }
    }

    #[test]
    fn every_name_is_an_identifier() {
        assert_eq!(snake("Type"), "r#type");
        assert_eq!(snake("Self"), "self_");
        assert_eq!(snake("3DModel"), "_3d_model");
        assert_eq!(pascal("Self"), "Self_");
        assert_eq!(constant("aws:kms"), "AWS_KMS");
        assert_eq!(constant("1.2"), "_1_2");
        assert_eq!(constant("BucketOwnerEnforced"), "BUCKET_OWNER_ENFORCED");
        assert_eq!(constant("*"), "_");
    }

    #[test]
    fn names_of_one_thing_join_to_one() {
        assert_eq!(joined("VPC", "VpcId"), "VpcId");
        assert_eq!(joined("VPC", "Id"), "VpcId");
        assert_eq!(joined("Role", "Arn"), "RoleArn");
        assert_eq!(joined("SecurityGroup", "Id"), joined("SecurityGroup", "GroupId"));
        assert_eq!(joined("UserPoolClient", "ClientId"), "UserPoolClientId");
    }

    #[test]
    fn short_names_leave_the_owner_out() {
        assert_eq!(short("VPC", "VpcId"), "id");
        assert_eq!(short("Role", "RoleName"), "name");
        assert_eq!(short("SecurityGroup", "GroupId"), "id");
        assert_eq!(short("EIP", "PublicIp"), "public_ip");
        assert_eq!(short("Thing", "Thing"), "thing");
    }
}
