"""Times another judge in process: the seconds of each run over all files, after the judge has started."""

import sys
import time

judge, runs, files = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
if judge == "cfn-lint":
    from pathlib import Path

    from cfnlint.api import lint_all

    texts = [Path(file).read_text() for file in files]

    def run():
        for text in texts:
            lint_all(text)

else:
    from cloudformation_validate import CompositeEngine

    engine = CompositeEngine()

    def run():
        for file in files:
            engine.validate_template(file)


for _ in range(runs):
    start = time.perf_counter()
    run()
    print(time.perf_counter() - start)
