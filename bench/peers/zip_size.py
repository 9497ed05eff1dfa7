"""The size of files and folders, and of a zip file of them: what is uploaded to Lambda."""

import io
import json
import sys
import zipfile
from pathlib import Path


def main(paths: list[Path]) -> None:
    """Prints both as JSON. What an interpreter leaves behind is not uploaded."""
    size, archive = 0, io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for path in paths:
            for file in [path] if path.is_file() else sorted(path.rglob("*")):
                if file.is_file() and "__pycache__" not in file.parts:
                    size += file.stat().st_size
                    target.write(file, file.relative_to(path.parent))
    print(json.dumps({"bytes": size, "zip_bytes": len(archive.getvalue())}))


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
