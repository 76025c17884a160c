use formwork::prelude::*;

fn main() {
    let _ = sub!("https://{host}/", host = "example.com", path = "index.html");
}
