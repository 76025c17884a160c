//! The client of S3, against answers as they come over the wire.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::fmt::Write as _;

use formwork_deploy::{
    connection::{Aws, Connection, StaticCredentials},
    object::{Body, Content, ObjectAddress, ObjectStore as _, S3},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

/// The headers of requests that matter.
const TOLD: [&str; 4] =
    ["x-amz-expected-bucket-owner", "if-none-match", "x-amz-checksum-sha256", "content-type"];

/// What a store asks for, and what it makes of an answer: a status line, a header and a code.
async fn ask(status: &'static str, header: &'static str, code: &'static str, put: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let served = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut read = Vec::new();
        while !read.windows(4).any(|end| end == b"\r\n\r\n") {
            assert_ne!(stream.read_buf(&mut read).await.unwrap(), 0);
        }
        let body =
            if code.is_empty() { String::new() } else { format!("<Error><Code>{code}</Code></Error>") };
        let answer = format!(
            "HTTP/1.1 {status}\r\n{header}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(answer.as_bytes()).await.unwrap();
        // What else is sent is read, so that the answer is not lost with the connection.
        while stream.read_buf(&mut Vec::with_capacity(1_024)).await.is_ok_and(|count| count > 0) {}
        String::from_utf8_lossy(&read).into_owned()
    });
    let connection = Connection {
        region: Some("eu-west-1".to_owned()),
        endpoint: Some(endpoint),
        credentials: Some(StaticCredentials::test()),
        ..Connection::default()
    };
    let store = S3::new(&Aws::connect(&connection).await.unwrap());
    let (bucket, key, owner) = ("assets".to_owned(), "aaa.zip".to_owned(), "123456789012".to_owned());
    let object = ObjectAddress { bucket, key, owner };
    let body = Body::Bytes(b"PK".to_vec());
    let content = Content { body, sha256: [7; 32], media_type: "application/zip" };
    let answer = if put {
        store.put(&object, &content).await.map(|()| "put".to_owned())
    } else {
        store.exists(&object).await.map(|there| format!("there: {there}"))
    };
    drop(store);
    let request = served.await.unwrap();
    let mut lines = request.lines();
    let first = lines.next().unwrap().to_owned();
    let mut told: Vec<&str> = lines
        .filter(|line| TOLD.contains(&line.split(':').next().unwrap_or_default().to_lowercase().as_str()))
        .collect();
    told.sort_unstable();
    let answer = answer.map_err(|error| format!("{error} (transient: {})", error.is_transient()));
    format!("{first}\n{}\n{answer:?}", told.join("\n"))
}

#[tokio::test]
async fn answers_are_told_apart() {
    let table = [
        ("there", "200 OK", "", "", false),
        ("not there", "404 Not Found", "", "", false),
        ("in another region", "301 Moved", "x-amz-bucket-region: us-east-1\r\n", "", false),
        ("somebody else's", "403 Forbidden", "", "", false),
        ("slow down", "503 Slow Down", "", "", false),
        ("put", "200 OK", "", "", true),
        ("put by somebody else", "412 Precondition Failed", "", "PreconditionFailed", true),
        ("being put by somebody else", "409 Conflict", "", "ConditionalRequestConflict", true),
        ("no bucket", "404 Not Found", "", "NoSuchBucket", true),
        ("denied", "403 Forbidden", "", "AccessDenied", true),
        ("expired", "400 Bad Request", "", "ExpiredToken", true),
    ];
    let mut text = String::new();
    for (title, status, header, code, put) in table {
        writeln!(text, "# {title}\n{}\n", ask(status, header, code, put).await).unwrap();
    }
    insta::assert_snapshot!(text);
}
