//! The client over the SDK, against answers as they come over the wire.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::fmt::Write as _;

use formwork_deploy::{
    client::{Client, Connection, StaticCredentials},
    error::ServiceError,
    service::{CloudFormation as _, DescribeChangeSet, StackRefactoring as _},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// Serves one request after another with the same answer: a status line and a body, or nothing.
async fn serve(listener: TcpListener, answer: Option<(&'static str, String)>) {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_request(&mut stream).await;
        if let Some((status, body)) = &answer {
            let length = body.len();
            let text = format!(
                "HTTP/1.1 {status}\r\nContent-Type: text/xml\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            );
            stream.write_all(text.as_bytes()).await.unwrap();
        }
    }
}

/// Reads the headers and as much of a body as they say.
async fn read_request(stream: &mut TcpStream) {
    let mut read = Vec::new();
    let mut chunk = [0; 4_096];
    loop {
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some((headers, body)) = text.split_once("\r\n\r\n") {
            let length = headers.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
            });
            if body.len() >= length.unwrap_or(0) {
                return;
            }
        }
        let count = stream.read(&mut chunk).await.unwrap();
        if count == 0 {
            return;
        }
        read.extend_from_slice(&chunk[..count]);
    }
}

/// A client of a service that always answers this.
async fn client(answer: Option<(&'static str, String)>) -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    drop(tokio::spawn(serve(listener, answer)));
    connect(endpoint, StaticCredentials::test()).await
}

async fn connect(endpoint: String, credentials: StaticCredentials) -> Client {
    let connection = Connection {
        region: Some("eu-west-1".to_owned()),
        endpoint: Some(endpoint),
        credentials: Some(credentials),
        ..Connection::default()
    };
    Client::connect(&connection).await.unwrap()
}

fn error(code: &str, message: &str) -> String {
    format!(
        "<ErrorResponse xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\"><Error><Type>Sender</Type>\
         <Code>{code}</Code><Message>{message}</Message></Error><RequestId>r</RequestId></ErrorResponse>"
    )
}

fn stacks(members: &str) -> String {
    format!(
        "<DescribeStacksResponse xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\">\
         <DescribeStacksResult><Stacks>{members}</Stacks></DescribeStacksResult></DescribeStacksResponse>"
    )
}

const STACK: &str = "<member><StackId>arn:aws:cloudformation:eu-west-1:123456789012:stack/web/1</StackId>\
    <StackName>web</StackName><StackStatus>UPDATE_PAUSED</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime>\
    <Outputs><member><OutputKey>Url</OutputKey><OutputValue>u</OutputValue><ExportName>web:Url</ExportName></member></Outputs>\
    <Parameters><member><ParameterKey>Secret</ParameterKey><ParameterValue>****</ParameterValue></member></Parameters>\
    <EnableTerminationProtection>true</EnableTerminationProtection></member>";

#[tokio::test]
async fn answers_are_told_apart() {
    let whole = stacks(STACK);
    let broken = whole[..whole.len() / 2].to_owned();
    let table: Vec<(&str, Option<(&'static str, String)>)> = vec![
        ("a stack", Some(("200 OK", whole))),
        ("broken off", Some(("200 OK", broken))),
        ("no document", Some(("200 OK", "It works!".to_owned()))),
        ("empty", Some(("200 OK", String::new()))),
        ("without a state", Some(("200 OK", stacks("<member><StackId>a</StackId></member>")))),
        ("no stack", Some(("400 Bad Request", error("ValidationError", "Stack with id web does not exist")))),
        ("refused", Some(("400 Bad Request", error("ValidationError", "1 validation error detected")))),
        ("throttled", Some(("400 Bad Request", error("Throttling", "Rate exceeded")))),
        ("expired", Some(("403 Forbidden", error("ExpiredToken", "The security token is expired")))),
        (
            "denied",
            Some((
                "403 Forbidden",
                error(
                    "AccessDenied",
                    "User: arn:aws:iam::123456789012:user/u is not authorized to perform: cloudformation:DescribeStacks on resource: *",
                ),
            )),
        ),
        ("in trouble", Some(("503 Service Unavailable", "<html>busy</html>".to_owned()))),
        ("in trouble, and broken off", Some(("503 Service Unavailable", "<html><body>".to_owned()))),
        ("in trouble, in its own words", Some(("500 Internal Server Error", error("InternalFailure", "oh")))),
        ("a page of a proxy", Some(("407 Proxy Authentication Required", "<html>log in</html>".to_owned()))),
        ("no answer", None),
    ];
    let mut text = String::new();
    for (title, answer) in table {
        let answer = client(answer).await.describe_stack("web").await;
        writeln!(text, "# {title}\n{answer:?}").unwrap();
    }
    insta::assert_snapshot!(text);
}

#[tokio::test]
async fn nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = connect(endpoint, StaticCredentials::test()).await;
    let answer = client.describe_stack("web").await.unwrap_err();
    assert!(matches!(answer, ServiceError::AnswerLost { .. }), "{answer:?}");
    assert!(!format!("{client:?} {answer:?}").contains("test"), "no credentials are printed");
}

#[tokio::test]
async fn a_change_set_that_is_gone() {
    let answer = error("ChangeSetNotFound", "ChangeSet [x] does not exist");
    let client = client(Some(("404 Not Found", answer))).await;
    client.delete_change_set("web", "x").await.unwrap();
    let request =
        DescribeChangeSet { stack: "web".to_owned(), change_set: "x".to_owned(), page: None, values: true };
    let answer = client.describe_change_set(&request).await.unwrap_err();
    assert!(matches!(answer, ServiceError::NotFound { .. }), "{answer:?}");
}

#[tokio::test]
async fn a_stack_refactor_is_read() {
    let answer = "<DescribeStackRefactorResponse xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\">\
        <DescribeStackRefactorResult><Description>d</Description><StackRefactorId>r</StackRefactorId>\
        <Status>CREATE_COMPLETE</Status><ExecutionStatus>EXECUTE_PAUSED</ExecutionStatus>\
        <ExecutionStatusReason>why</ExecutionStatusReason></DescribeStackRefactorResult>\
        </DescribeStackRefactorResponse>";
    let known = client(Some(("200 OK", answer.to_owned()))).await;
    let unknown = client(Some(("400 Bad Request", error("InvalidAction", "Unknown action")))).await;
    let mut text = String::new();
    for client in [known, unknown] {
        writeln!(text, "{:?}", client.describe_stack_refactor("r").await).unwrap();
    }
    insta::assert_snapshot!(text);
}
