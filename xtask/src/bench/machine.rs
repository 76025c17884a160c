//! The machine that the figures were taken on.

use crate::process;
use anyhow::Result;
use std::fs;
use std::process::Command;

/// One line: date, processor, memory, system, compiler.
pub(crate) fn describe(date: Option<&str>) -> Result<String> {
    let date = match date {
        Some(date) => date.to_owned(),
        None => process::output(Command::new("date").args(["-u", "+%Y-%m-%d"]))?.trim().to_owned(),
    };
    let rustc = process::output(Command::new("rustc").arg("--version"))?;
    let system = process::output(Command::new("uname").args(["-s", "-m"]))?;
    let cores = std::thread::available_parallelism()?;
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let processor = processor(&cpuinfo);
    let memory = memory(&fs::read_to_string("/proc/meminfo").unwrap_or_default());
    Ok(format!("{date}, {cores} cores of {processor}, {memory}, {}, {}", system.trim(), rustc.trim()))
}

fn processor(cpuinfo: &str) -> &str {
    let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    model.map_or("an unknown processor", |(_, model)| model)
}

fn memory(meminfo: &str) -> String {
    let total = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:")?.trim().strip_suffix(" kB"));
    match total.and_then(|kibibytes| kibibytes.parse::<u64>().ok()) {
        Some(kibibytes) => format!("{} GiB of memory", kibibytes.div_ceil(1 << 20)),
        None => "unknown memory".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_kernel_tells_processor_and_memory() {
        assert_eq!(super::processor("processor\t: 0\nmodel name\t: Stone 3\n"), "Stone 3");
        assert_eq!(super::memory("MemTotal:       24576000 kB\n"), "24 GiB of memory");
        assert_eq!(super::processor(""), "an unknown processor");
    }
}
