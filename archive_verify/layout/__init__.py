"""Pure geometry on lines and rulings: flowing text, labels with their values, grids and tables."""

from archive_verify.layout.cells import Cell, Table
from archive_verify.layout.flow import Flow, flow_of
from archive_verify.layout.grid import Grid, GridCell, find_grids
from archive_verify.layout.ink import ink_in, loose_ink, written_in
from archive_verify.layout.labels import (
    Slot,
    find_slots,
    searchable,
    slot_box,
    slots_of,
    spaced,
    unread_or_blank,
)
from archive_verify.layout.pieces import Piece, overlap_y, piece, rows_of
from archive_verify.layout.table import read_table, read_tables

__all__ = [
    "Cell",
    "Flow",
    "Grid",
    "GridCell",
    "Piece",
    "Slot",
    "Table",
    "find_grids",
    "find_slots",
    "flow_of",
    "ink_in",
    "loose_ink",
    "overlap_y",
    "piece",
    "read_table",
    "read_tables",
    "rows_of",
    "searchable",
    "slot_box",
    "slots_of",
    "spaced",
    "unread_or_blank",
    "written_in",
]
