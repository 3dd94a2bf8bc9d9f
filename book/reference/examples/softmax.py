import json
import math
import sys

import numpy as np

with open(sys.argv[1]) as file:
    tables = json.load(file)["tables"]
for table in tables[1:]:
    worst = 0.0
    for row in table["vectors"]["float32"]:
        z, f = (list(map(float.fromhex, cell)) for cell in row[:2])
        if all(map(math.isfinite, z)):
            e = np.exp((np.array(z) - max(z)).astype(np.float32))
            for ours, true in zip((e / e.sum()).tolist(), f, strict=True):
                if true > 2**-126:
                    worst = max(worst, abs(ours / true - 1))
    print(table["K"], f"components: wrong by 2^{math.log2(worst):.0f}")
