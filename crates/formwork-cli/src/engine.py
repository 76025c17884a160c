"""Judges templates with AWS's own engine, for `formwork check --engine aws`: one list of findings a file."""

import json
import sys

try:
    from cloudformation_validate import CompositeEngine, ReportStatus, Severity
except ImportError as error:
    print(error, file=sys.stderr)
    sys.exit(3)

LEVELS = {Severity.FATAL: "error", Severity.ERROR: "error", Severity.WARN: "warning"}


def steps(diagnostic):
    entity = diagnostic.entity
    if entity is None:
        return []
    kind = entity.entity_type.name.capitalize()
    section = kind if kind == "Metadata" else f"{kind}s"
    rest = (diagnostic.property_path or "").replace("[", ".").replace("]", "")
    return [section, entity.logical_id, *filter(None, rest.split("."))]


engine = CompositeEngine()
files = []
for file in sys.argv[1:]:
    report = engine.validate_template(file)
    findings = [
        {
            "rule": diagnostic.rule_id,
            "severity": LEVELS.get(diagnostic.severity, "info"),
            "message": diagnostic.message,
            "hint": diagnostic.suggested_fix,
            "line": diagnostic.start_line,
            "column": diagnostic.start_column,
            "path": steps(diagnostic),
        }
        for diagnostic in report.diagnostics
    ]
    if report.status is not ReportStatus.OK and not any(finding["severity"] == "error" for finding in findings):
        message = "the template could not be judged to the end"
        findings.append({"rule": report.status.name, "severity": "error", "message": message, "path": []})
    files.append(findings)
json.dump(files, sys.stdout)
