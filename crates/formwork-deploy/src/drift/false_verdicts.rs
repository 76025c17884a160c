//! Where CloudFormation's drift detection is known to be wrong: a table with dates and addresses.
//!
//! `docs/drift.md` has the same table for people; a test holds the two against each other.

/// A verdict of the service that is known to be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FalseVerdict {
    /// The type.
    pub resource_type: &'static str,
    /// The property, as a JSON pointer.
    pub property: &'static str,
    /// What the service says, and how it is put right.
    pub remedy: Remedy,
    /// What is wrong, in a sentence.
    pub what: &'static str,
    /// When it was first told.
    pub since: &'static str,
    /// Where.
    pub link: &'static str,
}

/// What the service says, and how it is put right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// It says that something was added which another resource of the stack has added. That
    /// resource's type, and its property that names this one.
    AddedByResource {
        /// The other type.
        resource_type: &'static str,
        /// The property that names this resource.
        names: &'static str,
    },
    /// It says that a declared value is not there. The resource is read: what is there is no
    /// difference, and where it cannot be read the difference is in doubt.
    Read,
    /// It says that a declared value is not there, as it does not tell this one, which is what is
    /// there when nothing is said. The value as JSON.
    Unsaid(&'static str),
    /// It does not look at what others have added. The resource is read, and so is what is not
    /// declared of this property; in front of the values of it stands what others in the stack add.
    Watch {
        /// Whether it has to be declared, be it empty.
        only_declared: bool,
    },
}

impl Remedy {
    /// What the service says, in a word.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Watch { .. } => "in sync",
            _ => "modified",
        }
    }
}

/// When the table was last held against the addresses.
pub const CHECKED: &str = "2026-11-21";

macro_rules! roadmap {
    ($number:literal) => {
        concat!("https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/", $number)
    };
}

/// All of them.
pub const ALL: [FalseVerdict; 11] = [
    FalseVerdict {
        resource_type: "AWS::EC2::SecurityGroup",
        property: "/SecurityGroupIngress",
        remedy: Remedy::AddedByResource { resource_type: "AWS::EC2::SecurityGroupIngress", names: "GroupId" },
        what: "a rule that is a resource of its own is taken for one that somebody added",
        since: "2022-06-05",
        link: roadmap!("1198"),
    },
    FalseVerdict {
        resource_type: "AWS::EC2::SecurityGroup",
        property: "/SecurityGroupEgress",
        remedy: Remedy::AddedByResource { resource_type: "AWS::EC2::SecurityGroupEgress", names: "GroupId" },
        what: "a rule that is a resource of its own is taken for one that somebody added",
        since: "2022-08-11",
        link: "https://github.com/aws/aws-cdk/issues/21558",
    },
    FalseVerdict {
        resource_type: "AWS::EC2::SecurityGroupIngress",
        property: "/SourceSecurityGroupName",
        remedy: Remedy::Read,
        what: "the name of a group, of which the service keeps the id, is said to be removed",
        since: "2023-02-14",
        link: roadmap!("1524"),
    },
    FalseVerdict {
        resource_type: "AWS::EC2::SecurityGroup",
        property: "/SecurityGroupIngress",
        remedy: Remedy::Watch { only_declared: true },
        what: "rules that are added where the list is declared empty are not seen",
        since: "2024-07-19",
        link: roadmap!("2091"),
    },
    FalseVerdict {
        resource_type: "AWS::IAM::Role",
        property: "/Policies",
        remedy: Remedy::Watch { only_declared: false },
        what: "policies that are written into a role by hand are not seen",
        since: "2021-10-13",
        link: roadmap!("936"),
    },
    FalseVerdict {
        resource_type: "AWS::IAM::Role",
        property: "/ManagedPolicyArns",
        remedy: Remedy::Watch { only_declared: false },
        what: "managed policies that are attached to a role by hand are not seen",
        since: "2026-04-02",
        link: roadmap!("2489"),
    },
    FalseVerdict {
        resource_type: "AWS::EC2::LaunchTemplate",
        property: "/LaunchTemplateData",
        remedy: Remedy::Watch { only_declared: true },
        what: "a new version with other settings is not seen",
        since: "2024-04-10",
        link: roadmap!("2001"),
    },
    FalseVerdict {
        resource_type: "AWS::Events::EventBus",
        property: "/Policy",
        remedy: Remedy::Read,
        what: "the policy is said to be removed",
        since: "2024-11-18",
        link: roadmap!("2188"),
    },
    FalseVerdict {
        resource_type: "AWS::ECS::TaskDefinition",
        property: "/ContainerDefinitions",
        remedy: Remedy::Read,
        what: "`StopTimeout` of a container is said to be removed",
        since: "2022-12-18",
        link: roadmap!("1455"),
    },
    FalseVerdict {
        resource_type: "AWS::ECS::Service",
        property: "/DeploymentController",
        remedy: Remedy::Unsaid(r#"{"Type":"ECS"}"#),
        what: "the controller `ECS`, which is what there is when nothing is said, is said to be removed",
        since: "2022-08-02",
        link: roadmap!("1259"),
    },
    FalseVerdict {
        resource_type: "AWS::CloudFront::Distribution",
        property: "/Tags",
        remedy: Remedy::Read,
        what: "tags are said to be removed",
        since: "2021-08-01",
        link: roadmap!("901"),
    },
];

/// What is known to be wrong about a type.
pub(crate) fn of(resource_type: &str) -> impl Iterator<Item = &'static FalseVerdict> {
    ALL.iter().filter(move |known| known.resource_type == resource_type)
}

/// Whether a place is a property or below it.
pub(crate) fn concerns(property: &str, path: &str) -> bool {
    path.strip_prefix(property).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use formwork_spec::resource;

    use super::*;

    #[test]
    fn the_guide_has_the_same_table() {
        let guide = include_str!("../../../../docs/drift.md");
        let rows: Vec<&str> = guide.lines().filter(|line| line.starts_with("| `AWS::")).collect();
        let expected: Vec<String> = ALL
            .iter()
            .map(|known| {
                let FalseVerdict { resource_type, property, what, since, link, .. } = known;
                format!(
                    "| `{resource_type}` | `{property}` | {} | {what} | {since} | {link} |",
                    known.remedy.says()
                )
            })
            .collect();
        assert_eq!(rows, expected);
        assert!(guide.contains(&format!("last held against the addresses on {CHECKED}")));
    }

    #[test]
    fn what_is_named_exists() {
        for known in ALL {
            let facts = resource(known.resource_type).unwrap();
            assert!(facts.property(known.property.trim_start_matches('/')).is_some(), "{known:?}");
            if let Remedy::AddedByResource { resource_type, names } = known.remedy {
                assert!(resource(resource_type).unwrap().property(names).is_some());
            }
            if let Remedy::Unsaid(value) = known.remedy {
                assert!(serde_json::from_str::<serde_json::Value>(value).is_ok());
            }
        }
    }
}
