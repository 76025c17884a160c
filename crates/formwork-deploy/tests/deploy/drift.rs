//! Drift: what is told of what the service says, whatever it says and however often calls fail.

use std::{collections::BTreeMap, sync::Mutex};

use formwork_deploy::{
    drift::{DriftReport, DriftStack, LiveResources, Options, Progress, Verdict, detect, ignore::Rule},
    engine::Engine,
    error::ServiceError,
    machine::Outcome,
    operator::Unattended,
    request::DeployRequest,
    service::{Answer, CloudFormation as _, ReportedDifference, ReportedDrift, ReportedStatus},
    simulation::{Fault, SimulatedClock, Simulation},
};
use formwork_template::Source;
use serde_json::{Value, json};

/// What is there, by type and identifier.
#[derive(Default)]
struct Scripted {
    resources: BTreeMap<(&'static str, &'static str), Result<Value, ServiceError>>,
}

impl Scripted {
    fn with(mut self, kind: &'static str, id: &'static str, properties: Value) -> Self {
        self.resources.insert((kind, id), Ok(properties));
        self
    }

    fn refusing(mut self, kind: &'static str, id: &'static str, code: &str, message: &str) -> Self {
        self.resources.insert((kind, id), Err(ServiceError::from_code(code, message)));
        self
    }
}

impl LiveResources for Scripted {
    fn properties<'a>(&'a self, kind: &'a str, id: &'a str) -> Answer<'a, String> {
        let absent = Err(ServiceError::NotFound { message: format!("{kind} {id} was not found") });
        let answer = self.resources.get(&(kind, id)).cloned().unwrap_or(absent);
        Box::pin(async move { answer.map(|properties| properties.to_string()) })
    }

    fn is_authoritative(&self) -> bool {
        true
    }
}

async fn deploy(service: &Simulation, request: &DeployRequest) {
    let clock = SimulatedClock::new(1);
    let result = Engine::new(service, &clock, &Unattended).deploy(request).await;
    assert!(matches!(result.outcome, Outcome::Created | Outcome::Updated), "{result:#?}");
}

fn request(stack: &str, resources: &Value) -> DeployRequest {
    let mut request = DeployRequest::new(stack, json!({ "Resources": resources }).to_string());
    for (line, id) in (10..).zip(resources.as_object().unwrap().keys()) {
        request.sources.insert(id.clone(), Source { file: "src/main.rs".into(), line });
    }
    request
}

fn topics(count: usize) -> Value {
    let topic = |number| (format!("Topic{number:02}"), json!({"Type": "AWS::SNS::Topic"}));
    Value::Object((0..count).map(topic).collect())
}

fn reported(id: &str, status: ReportedStatus) -> ReportedDrift {
    ReportedDrift {
        logical_id: id.to_owned(),
        status,
        reason: None,
        differences: Vec::new(),
        expected: None,
        actual: None,
        time: 0,
    }
}

/// A resource that differs, as the service tells it.
fn modified(id: &str, differences: &[(&str, &str, &str, &str)]) -> ReportedDrift {
    let differences = differences.iter().map(|(kind, path, expected, actual)| ReportedDifference {
        path: (*path).to_owned(),
        expected: (*expected).to_owned(),
        actual: (*actual).to_owned(),
        kind: (*kind).to_owned(),
    });
    ReportedDrift { differences: differences.collect(), ..reported(id, ReportedStatus::Modified) }
}

async fn look(service: &Simulation, live: Option<&Scripted>, code: &DeployRequest) -> DriftReport {
    let live = live.map(|live| live as &dyn LiveResources);
    let stacks = [DriftStack { name: code.stack.clone(), service, live, code: Some(code) }];
    detect(&stacks, &Options::default(), &SimulatedClock::new(2), &|_| ()).await
}

/// The report in short: what the JSON says, without what is empty or goes without saying.
fn short(report: &DriftReport) -> String {
    fn prune(value: &mut Value) {
        match value {
            Value::Object(map) => {
                map.values_mut().for_each(prune);
                map.retain(|_, value| {
                    !(value.is_null() || value == &json!([]) || value == &json!({}) || value == &json!(false))
                });
            }
            Value::Array(items) => items.iter_mut().for_each(prune),
            _ => {}
        }
    }
    let mut value = serde_json::to_value(report).unwrap();
    prune(&mut value);
    for stack in value["stacks"].as_array_mut().unwrap() {
        let Some(resources) = stack.get_mut("resources").and_then(Value::as_array_mut) else { continue };
        resources.retain(|resource| {
            resource["status"] != "in_sync"
                || resource.get("dismissed").is_some()
                || resource.get("unseen").is_some()
        });
    }
    serde_json::to_string_pretty(&value).unwrap()
}

#[tokio::test]
async fn every_page_and_every_verdict() {
    let service = Simulation::new();
    let mut resources = topics(12);
    resources["Thing"] = json!({"Type": "AWS::IoT::Thing"});
    resources["Inner"] = json!({"Type": "AWS::CloudFormation::Stack"});
    let code = request("web", &resources);
    deploy(&service, &code).await;
    // The simulation's nested stacks bear the physical id as their name.
    let inner =
        json!({"Deep": {"Type": "AWS::SNS::Topic"}, "Deeper": {"Type": "AWS::CloudFormation::Stack"}});
    deploy(&service, &request("web-Inner", &inner)).await;
    deploy(&service, &request("web-Inner-Deeper", &topics(6))).await;
    service.leave_unchecked("AWS::IoT::Thing");
    service.leave_unchecked("AWS::CloudFormation::Stack");
    service.prolong_detections("web", 3);
    service.report_drift(
        "web",
        modified(
            "Topic00",
            &[
                ("NOT_EQUAL", "/DisplayName", "news", "olds"),
                ("ADD", "/Tags/1", "null", r#"{"Key":"k","Value":"v"}"#),
            ],
        ),
    );
    service.report_drift("web", reported("Topic11", ReportedStatus::Deleted));
    let unknown = ReportedDrift {
        reason: Some("no permission".to_owned()),
        ..reported("Topic05", ReportedStatus::Unknown)
    };
    service.report_drift("web", unknown);
    service.report_drift("web", reported("Topic06", ReportedStatus::Unsupported));
    service.report_drift("web", reported("Topic07", ReportedStatus::NotChecked));
    service.report_drift("web", reported("Topic08", ReportedStatus::Other("ODD".to_owned())));
    service.report_drift("web-Inner", modified("Deep", &[("REMOVE", "/DisplayName", "deep", "null")]));
    let report = look(&service, None, &code).await;
    insta::assert_snapshot!(short(&report));
    assert_eq!(report.coverage(), (17, 5));
    assert!(report.has_drift() && report.is_incomplete());
}

#[tokio::test]
async fn detections_that_run_fail_or_never_end() {
    let service = Simulation::new();
    let code = request("web", &topics(2));
    deploy(&service, &code).await;
    service.refuse_detections("web", 3);
    let stacks = [DriftStack { name: "web".to_owned(), service: &service, live: None, code: None }];
    let told = Mutex::new(Vec::new());
    let tell = |progress: Progress<'_>| told.lock().unwrap().push(format!("{progress:?}"));
    let clock = SimulatedClock::new(3);
    let report = detect(&stacks, &Options::default(), &clock, &tell).await;
    assert!(!report.has_drift() && !report.is_incomplete());
    let begun = service.calls().iter().filter(|call| **call == "DetectStackDrift").count();
    assert_eq!(begun, 4);
    // What was found a moment ago does.
    let recent = Options { reuse_since: Some(1_000), ..Options::default() };
    let report = detect(&stacks, &recent, &clock, &tell).await;
    assert!(report.stacks[0].reused && report.coverage() == (2, 0));
    // What is too old does not.
    let later = Options { reuse_since: Some(i64::MAX), ..Options::default() };
    assert!(!detect(&stacks, &later, &clock, &tell).await.stacks[0].reused);
    insta::assert_snapshot!(told.lock().unwrap().join("\n"));

    service.prolong_detections("web", u32::MAX);
    let timed_out = detect(&stacks, &Options::default(), &clock, &|_| ()).await;
    let other = Simulation::new();
    deploy(&other, &code).await;
    other.fail_detections("web", "Failed to detect drift on resources [Topic01]");
    let of_before = ReportedDrift { time: -1, ..reported("Topic01", ReportedStatus::InSync) };
    other.report_drift("web", of_before);
    let failed = look(&other, None, &code).await;
    let missing = look(&other, None, &DeployRequest::new("none", "{}")).await;
    let reports = [timed_out, failed, missing].map(|report| short(&report));
    insta::assert_snapshot!(reports.join("\n\n"));
}

#[tokio::test]
async fn what_the_service_is_known_to_say_wrongly_is_put_right() {
    let service = Simulation::new();
    let rule =
        |port: u16| json!({"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": "10.0.0.0/8"});
    let mut own = rule(443);
    own["GroupId"] = json!({"Fn::GetAtt": ["Group", "GroupId"]});
    let statement = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "*"}]});
    let code = request(
        "web",
        &json!({
            "Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "web", "SecurityGroupIngress": [rule(80)]}},
            "Rule": {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": own},
            "Closed": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "db", "SecurityGroupIngress": []}},
            "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": statement}},
            "Attached": {"Type": "AWS::IAM::Policy", "Properties": {"PolicyName": "own", "PolicyDocument": statement, "Roles": [{"Ref": "Role"}]}},
            "Denied": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": statement}},
            "Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": "bus", "Policy": statement}},
            "Service": {"Type": "AWS::ECS::Service", "Properties": {"DeploymentController": {"Type": "ECS"}, "PlacementConstraints": []}},
            "Origins": {"Type": "AWS::CloudFront::Distribution", "Properties": {}},
        }),
    );
    deploy(&service, &code).await;
    let added = |port| {
        let mut added = rule(port);
        added["SourceSecurityGroupOwnerId"] = json!("123456789012");
        added.to_string()
    };
    service.report_drift(
        "web",
        modified(
            "Group",
            &[
                ("ADD", "/SecurityGroupIngress/1", "null", &added(443)),
                ("ADD", "/SecurityGroupIngress/2", "null", &added(22)),
            ],
        ),
    );
    service.report_drift("web", modified("Bus", &[("REMOVE", "/Policy", &statement.to_string(), "null")]));
    service.report_drift(
        "web",
        modified(
            "Service",
            &[
                ("REMOVE", "/DeploymentController", r#"{"Type":"ECS"}"#, "null"),
                ("REMOVE", "/PlacementConstraints", "[]", "null"),
            ],
        ),
    );
    let origins = |ids: [&str; 2]| {
        json!({"DistributionConfig": {"Origins": ids.map(|id| json!({"Id": id}))}}).to_string()
    };
    let mut shuffled = modified(
        "Origins",
        &[
            ("NOT_EQUAL", "/DistributionConfig/Origins/0/Id", "a", "b"),
            ("NOT_EQUAL", "/DistributionConfig/Origins/1/Id", "b", "a"),
        ],
    );
    (shuffled.expected, shuffled.actual) = (Some(origins(["a", "b"])), Some(origins(["b", "a"])));
    service.report_drift("web", shuffled);
    service.leave_unchecked("AWS::IAM::Policy");
    // The service writes a policy in its own way.
    let written = json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Resource": ["*"], "Action": ["s3:PutObject", "s3:GetObject"]}}).to_string();
    let live = Scripted::default()
        .with("AWS::EC2::SecurityGroup", "web-Closed", json!({"GroupDescription": "db", "SecurityGroupIngress": [rule(5432)]}))
        .with("AWS::IAM::Role", "web-Role", json!({
            "AssumeRolePolicyDocument": written,
            "Policies": [{"PolicyName": "own", "PolicyDocument": written}, {"PolicyName": "by-hand", "PolicyDocument": written}],
            "ManagedPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"],
        }))
        .with("AWS::Events::EventBus", "web-Bus", json!({"Name": "bus", "Policy": written}))
        .with("AWS::EC2::SecurityGroup", "web-Group", json!({"GroupDescription": "web", "SecurityGroupIngress": [rule(80), rule(443), rule(22)]}))
        .refusing("AWS::IAM::Role", "web-Denied", "AccessDenied", "User: u is not authorized to perform: iam:GetRole on resource: r")
        .refusing("AWS::IAM::Policy", "web-Attached", "UnsupportedActionException", "no");
    insta::assert_snapshot!(short(&look(&service, Some(&live), &code).await));
}

#[tokio::test]
async fn what_the_service_does_not_check_is_read() {
    let service = Simulation::new();
    let kinds = [
        "AWS::Logs::MetricFilter",
        "AWS::ApiGateway::Resource",
        "AWS::S3::BucketPolicy",
        "AWS::IoT::Thing",
        "Custom::Thing",
        "AWS::RDS::DBInstance",
    ];
    for kind in kinds {
        service.leave_unchecked(kind);
    }
    let code = request(
        "web",
        &json!({
            "Same": {"Type": "AWS::IoT::Thing", "Properties": {"AttributePayload": {"Attributes": {"size": 5, "on": true}}}},
            "Other": {"Type": "AWS::IoT::Thing", "Properties": {"AttributePayload": {"Attributes": {"size": {"Fn::Sub": "${AWS::Region}-5"}}}}},
            "Gone": {"Type": "AWS::IoT::Thing"},
            "Path": {"Type": "AWS::ApiGateway::Resource", "Properties": {"RestApiId": "api", "ParentId": {"Fn::GetAtt": ["Same", "Arn"]}, "PathPart": "v1"}},
            "Custom": {"Type": "Custom::Thing"},
            "Database": {"Type": "AWS::RDS::DBInstance", "Properties": {"MasterUserPassword": "{{resolve:ssm-secure:p}}", "DBInstanceClass": "db.t4g.micro", "AllocatedStorage": "20"}},
        }),
    );
    deploy(&service, &code).await;
    let live = Scripted::default()
        .with(
            "AWS::IoT::Thing",
            "web-Same",
            json!({"AttributePayload": {"Attributes": {"size": "5", "on": "true"}}, "ThingName": "x"}),
        )
        .with(
            "AWS::IoT::Thing",
            "web-Other",
            json!({"AttributePayload": {"Attributes": {"size": "6", "more": "1"}}}),
        )
        .with(
            "AWS::ApiGateway::Resource",
            "api|web-Path",
            json!({"RestApiId": "api", "ParentId": "p", "PathPart": "v2"}),
        )
        .with(
            "AWS::RDS::DBInstance",
            "web-Database",
            json!({"DBInstanceClass": "db.t4g.micro", "AllocatedStorage": 20, "Engine": "postgres"}),
        );
    insta::assert_snapshot!(short(&look(&service, Some(&live), &code).await));
}

#[tokio::test]
async fn the_code_the_stack_and_the_resources_are_told_apart() {
    let service = Simulation::new();
    let mut code = request("web", &topics(2));
    code.tags = Some(BTreeMap::from([("team".to_owned(), "web".to_owned())]));
    code.stack_policy = Some(r#"{"Statement": []}"#.to_owned());
    code.termination_protection = Some(true);
    deploy(&service, &code).await;
    assert_eq!(
        look(&service, None, &code).await.stacks[0].status,
        formwork_deploy::drift::StackVerdict::InSync
    );

    service.protect("web", false);
    service.set_stack_policy("web", r#"{"Statement":[{"Effect":"Deny"}]}"#).await.unwrap();
    let mut next = request("web", &topics(3));
    (next.tags, next.stack_policy, next.termination_protection) =
        (Some(BTreeMap::new()), code.stack_policy.clone(), Some(true));
    let mut report = look(&service, None, &next).await;
    insta::assert_snapshot!(short(&report));
    let rule = |resource: &str, stack: &str| Rule {
        stack: Some(stack.to_owned()),
        resource: Some(resource.to_owned()),
        path: None,
        reason: "the platform team does that".to_owned(),
    };
    report.ignore(&[
        rule("termination protection", "web"),
        rule("stack policy", "web"),
        rule("Topic*", "other"),
    ]);
    assert!(!report.has_drift());
    assert_eq!(report.ignored.iter().map(|ignored| ignored.matched).collect::<Vec<_>>(), [1, 1, 0]);
}

#[tokio::test]
async fn what_is_known_is_forgiven_until_it_changes() {
    let service = Simulation::new();
    let code = request("web", &topics(3));
    deploy(&service, &code).await;
    service.report_drift("web", modified("Topic00", &[("NOT_EQUAL", "/DisplayName", "a", "b")]));
    service.report_drift("web", reported("Topic01", ReportedStatus::Deleted));
    let known = look(&service, None, &code).await.known();
    let mut again = look(&service, None, &code).await;
    assert!(again.has_drift() && again.forgive(&known).is_empty() && !again.has_drift());
    assert_eq!(again.known(), known, "a baseline that is written again stays");
    service.report_drift("web", modified("Topic00", &[("NOT_EQUAL", "/DisplayName", "a", "c")]));
    let mut changed = look(&service, None, &code).await;
    assert_eq!(changed.forgive(&known), known[..1]);
    assert!(changed.has_drift());
}

/// Whichever call fails, and however, the report is the same.
#[tokio::test]
async fn calls_that_fail_change_nothing() {
    let service = Simulation::new();
    let mut resources = topics(7);
    resources["Inner"] = json!({"Type": "AWS::CloudFormation::Stack"});
    let code = request("web", &resources);
    deploy(&service, &code).await;
    deploy(&service, &request("web-Inner", &topics(1))).await;
    service.report_drift("web", reported("Topic06", ReportedStatus::Deleted));
    let shown = |report: &DriftReport| {
        let mut value = serde_json::to_value(report).unwrap();
        for stack in value["stacks"].as_array_mut().unwrap() {
            stack["detected"] = Value::Null;
        }
        value
    };
    service.restart();
    let expected = shown(&look(&service, None, &code).await);
    let calls = service.calls().len();
    for call in 0..calls {
        for fault in [Fault::Throttled, Fault::Unavailable, Fault::LostBefore, Fault::LostAfter] {
            service.restart();
            service.fault(call, fault);
            let report = look(&service, None, &code).await;
            assert_eq!(shown(&report), expected, "{fault:?} at call {call}");
        }
        service.restart();
        service.fault(call, Fault::Expired);
        let report = look(&service, None, &code).await;
        let silent = !report.is_incomplete() && report.stacks.len() < 2;
        assert!(!silent, "expired at call {call}: {report:#?}");
        service.restart();
        // Somebody's detection may still run, and is waited for.
        assert_eq!(shown(&look(&service, None, &code).await), expected);
    }
}

#[tokio::test]
async fn many_stacks_are_looked_at_at_a_time() {
    let service = Simulation::new();
    let names: Vec<String> = (0..20).map(|number| format!("stack-{number:02}")).collect();
    for name in &names {
        deploy(&service, &request(name, &topics(1))).await;
        service.prolong_detections(name, 5);
    }
    service.restart();
    let stacks: Vec<DriftStack<'_>> = names
        .iter()
        .map(|name| DriftStack { name: name.clone(), service: &service, live: None, code: None })
        .collect();
    let options = Options { concurrency: 5, ..Options::default() };
    let report = detect(&stacks, &options, &SimulatedClock::new(4), &|_| ()).await;
    assert_eq!(report.stacks.iter().map(|stack| stack.name.clone()).collect::<Vec<_>>(), names);
    assert!(
        report.stacks.iter().flat_map(|stack| &stack.resources).all(|found| found.status == Verdict::InSync)
    );
    // Five have begun before the first is done.
    let calls = service.calls();
    let first = calls.iter().position(|call| *call == "DescribeStackResourceDrifts").unwrap();
    let begun = calls[..first].iter().filter(|call| **call == "DetectStackDrift").count();
    assert_eq!(begun, 5);
}
