"""Opens a workbook in a process of its own: a file that asks for too much memory ends that process, not ours.

Run by `reading.py` with the file on standard input; answers with a pickle of (outcome, sheets) on standard
output. The reader allocates every cell between the first and the last one, and no look at the file from
outside can foresee all the ways to write a far cell. Imports nothing of the portal.
"""

import io
import pickle
import sys

import python_calamine as calamine

MEMORY = 3 * 1024**3  # bytes; the largest list that `reading.py` accepts needs about two thirds
SECONDS = 120  # of processor time

OPENED, LOCKED, TOO_MANY, DAMAGED = "opened", "locked", "too-many", "damaged"


def sheets_of(stream, max_rows, max_area, max_columns):
    """(outcome, [(name, rows, hidden, merged ranges)]) of a workbook."""
    found = []
    book = calamine.CalamineWorkbook.from_filelike(stream)
    for meta in book.sheets_metadata:
        if meta.typ not in (calamine.SheetTypeEnum.WorkSheet, calamine.SheetTypeEnum.MacroSheet):
            continue
        page = book.get_sheet_by_name(meta.name)
        if page.total_height > max_rows or page.total_height * page.total_width > max_area:
            return TOO_MANY, []
        rows = [row[:max_columns] for row in page.to_python(skip_empty_area=False)]
        hidden = meta.visible != calamine.SheetVisibleEnum.Visible
        found.append((meta.name, rows, hidden, [(*a, *b) for a, b in (page.merged_cell_ranges or ())]))
    return OPENED, found


def main():
    import resource  # only where we run: Linux

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = sheets_of(io.BytesIO(sys.stdin.buffer.read()), *map(int, sys.argv[1:]))
    except calamine.PasswordError:
        answer = LOCKED, []
    except MemoryError:
        raise
    except BaseException:  # a broken file may even panic inside the reader's own runtime
        answer = DAMAGED, []
    pickle.dump(answer, sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    main()
