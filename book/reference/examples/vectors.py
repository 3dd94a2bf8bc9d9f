import json
import math
import sys

with open(sys.argv[1]) as file:
    tables = json.load(file)["tables"]
for table in tables:
    print(table["parameters"])
    slope = table["columns"].index("f'")
    for dtype, rows in table["vectors"].items():
        read = [list(map(float.fromhex, row)) for row in rows]
        pairs = [(row[slope], row[0]) for row in read]
        steepest = max(p for p in pairs if math.isfinite(p[0]))
        print(" ", dtype, len(rows), "steepest:", *steepest)
