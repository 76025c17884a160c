//! Requests and answers of HTTP/1.1, as far as clients and the emulator send them.

use std::io::{self, BufRead, BufReader, Read, Write};

/// The longest head of a message.
const LONGEST_HEAD: u64 = 64 * 1024;

/// A request or an answer.
#[derive(Clone, Debug)]
pub(super) struct Message {
    /// `POST / HTTP/1.1` or `HTTP/1.1 200 OK`.
    start: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Message {
    /// An answer with this body.
    pub(super) fn answer(status: &str, content_type: &str, body: String) -> Self {
        let headers = vec![("Content-Type".to_owned(), content_type.to_owned())];
        let answer = Self { start: format!("HTTP/1.1 {status}"), headers, body: Vec::new() };
        answer.with_body(body.into_bytes())
    }

    /// Reads a request; `None` when the other side ends the connection instead.
    pub(super) fn read(stream: impl Read) -> io::Result<Option<Self>> {
        Self::read_with(stream, true)
    }

    /// Reads the answer to this request.
    pub(super) fn read_answer(&self, stream: impl Read) -> io::Result<Option<Self>> {
        // It names the length of what a GET would bring, and brings nothing.
        Self::read_with(stream, !self.start.starts_with("HEAD "))
    }

    fn read_with(stream: impl Read, has_body: bool) -> io::Result<Option<Self>> {
        let mut reader = BufReader::new(stream);
        let start = line(&mut reader)?;
        if start.is_empty() {
            return Ok(None);
        }
        let mut headers = Vec::new();
        loop {
            let line = line(&mut reader)?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').ok_or(io::ErrorKind::InvalidData)?;
            headers.push((name.trim().to_owned(), value.trim().to_owned()));
        }
        let mut message = Self { start, headers, body: Vec::new() };
        let length = message.header("Content-Length").and_then(|length| length.parse().ok());
        if !has_body {
            return Ok(Some(message));
        }
        if message.header("Transfer-Encoding").is_some() {
            message.body = chunks(&mut reader)?;
            message.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("Transfer-Encoding"));
            message.set("Content-Length", message.body.len().to_string());
        } else if let Some(length) = length {
            reader.take(length).read_to_end(&mut message.body)?;
        }
        Ok(Some(message))
    }

    /// Writes the message as the last one of its connection.
    pub(super) fn write(&self, mut stream: impl Write) -> io::Result<()> {
        let mut bytes = format!("{}\r\n", self.start).into_bytes();
        for (name, value) in &self.headers {
            if !name.eq_ignore_ascii_case("Connection") {
                bytes.extend(format!("{name}: {value}\r\n").into_bytes());
            }
        }
        bytes.extend(b"Connection: close\r\n\r\n");
        bytes.extend(&self.body);
        stream.write_all(&bytes)?;
        stream.flush()
    }

    /// The first line.
    pub(super) fn start(&self) -> &str {
        &self.start
    }

    /// The value of a header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(candidate, _)| candidate.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    fn set(&mut self, name: &str, value: String) {
        self.headers.retain(|(candidate, _)| !candidate.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value));
    }

    /// The body as text.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body.
    pub(super) fn body(&self) -> &[u8] {
        &self.body
    }

    /// The same with another body.
    pub(super) fn with_body(mut self, body: Vec<u8>) -> Self {
        self.set("Content-Length", body.len().to_string());
        self.body = body;
        self
    }

    /// Which call a request is: `DescribeStacks`, or `PUT bucket` where there are no actions.
    pub(super) fn action(&self) -> String {
        self.named_action().unwrap_or_else(|| {
            let mut words = self.start.split(' ');
            let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            let path = path.split('?').next().unwrap_or_default();
            let bucket = path.trim_start_matches('/').split('/').next().unwrap_or_default();
            format!("{method} {bucket}").trim_end().to_owned()
        })
    }

    /// Whether the request is one about objects, which has no action.
    pub(super) fn is_of_objects(&self) -> bool {
        self.named_action().is_none()
    }

    fn named_action(&self) -> Option<String> {
        if let Some(target) = self.header("X-Amz-Target") {
            return target.rsplit('.').next().map(str::to_owned);
        }
        let text = self.text();
        text.split('&').find_map(|pair| pair.strip_prefix("Action=")).map(str::to_owned)
    }
}

/// A line without its end; empty at the end of the stream.
fn line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut bytes = Vec::new();
    reader.take(LONGEST_HEAD).read_until(b'\n', &mut bytes)?;
    while bytes.last().is_some_and(u8::is_ascii_whitespace) {
        bytes.pop();
    }
    String::from_utf8(bytes).map_err(|_| io::ErrorKind::InvalidData.into())
}

/// A body that comes in pieces, each after its length.
fn chunks(reader: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let length = line(reader)?;
        let length = length.split(';').next().unwrap_or_default().trim();
        let length = u64::from_str_radix(length, 16).map_err(|_| io::ErrorKind::InvalidData)?;
        reader.by_ref().take(length).read_to_end(&mut body)?;
        // The end of the piece, or of the trailer, which is empty.
        line(reader)?;
        if length == 0 {
            return Ok(body);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_go_through_as_they_came() {
        let text = "POST / HTTP/1.1\r\nHost: here\r\nConnection: keep-alive\r\ncontent-length: 29\r\n\r\n\
                    Action=DescribeStacks&Version";
        let message = Message::read(text.as_bytes()).unwrap().unwrap();
        assert_eq!(message.action(), "DescribeStacks");
        let mut written = Vec::new();
        message.write(&mut written).unwrap();
        let written = String::from_utf8(written).unwrap();
        let expected = text.replace("Connection: keep-alive\r\n", "");
        let expected = expected.replace("29\r\n\r\n", "29\r\nConnection: close\r\n\r\n");
        assert_eq!(written, expected);

        let pieces =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x\r\nde\r\n0\r\n\r\n";
        let message = Message::read(pieces.as_bytes()).unwrap().unwrap();
        assert_eq!((message.body(), message.header("content-length")), (b"abcde".as_slice(), Some("5")));

        let put = "PUT /templates/a.json?x=y HTTP/1.1\r\n\r\n";
        assert_eq!(Message::read(put.as_bytes()).unwrap().unwrap().action(), "PUT templates");
        let target = "POST / HTTP/1.1\r\nX-Amz-Target: AmazonSSM.PutParameter\r\n\r\n";
        assert_eq!(Message::read(target.as_bytes()).unwrap().unwrap().action(), "PutParameter");
        assert!(Message::read(b"".as_slice()).unwrap().is_none());
    }
}
