use formwork::prelude::*;

fn main() {
    let _ = sub!("https://{host}/{stage}", host = "example.com");
}
