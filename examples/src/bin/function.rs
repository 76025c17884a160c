//! A Lambda function whose code is a directory: zipped and uploaded before the stack is deployed.

use formwork::prelude::*;

fn main() -> anyhow::Result<()> {
    let mut app = App::new();
    let stack = &mut app.stack("function");
    // Named by the digest of what is in it, so that other code is a change, and the same code is none.
    let code = stack.file_asset(
        "Code",
        FileSource::new(concat!(env!("CARGO_MANIFEST_DIR"), "/function")).exclude("**/__pycache__"),
    );

    let role = Role::new(Principal::service("lambda.amazonaws.com")).build(stack, "Role");
    let greeter = lambda::Function::new(&role, &code)
        .runtime(lambda::function::Runtime::PYTHON3_13)
        .architectures([lambda::function::Architectures::ARM64])
        .handler("handler.handle")
        .environment(lambda::function::Environment::new().variables(Expr::map([("GREETING", "hello")])))
        .build(stack, "Greeter");

    stack.output("GreeterName", greeter.function_name());
    app.synth()?;
    Ok(())
}
