//! `formwork completions`

use crate::project::Project;

#[test]
fn each_shell_gets_a_script_that_knows_the_commands() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = Project::empty().data(&["completions", shell]);
        assert!(script.contains("synth") && script.contains("fail-on"), "{shell}");
    }
}
