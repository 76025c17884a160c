"""Judges templates with cloudformation-validate: one JSON list of findings for all of them."""

import json
import sys

from cloudformation_validate import CompositeEngine, ReportStatus, Severity

LEVELS = {Severity.FATAL: "error", Severity.ERROR: "error", Severity.WARN: "warning"}

engine = CompositeEngine()
findings = []
for file in sys.argv[1:]:
    report = engine.validate_template(file)
    if report.status is not ReportStatus.OK:
        findings.append({"file": file, "rule": report.status.name, "level": "error", "message": "not judged to the end"})
    for diagnostic in report.diagnostics:
        entity = diagnostic.entity.logical_id if diagnostic.entity else None
        findings.append({
            "file": file,
            "rule": diagnostic.rule_id,
            "level": LEVELS.get(diagnostic.severity, "info"),
            "message": f"{entity}: {diagnostic.message}" if entity else diagnostic.message,
        })
json.dump({"templates": len(sys.argv) - 1, "findings": findings}, sys.stdout)
