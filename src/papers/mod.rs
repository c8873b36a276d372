//! Office documents in and out: xlsx, xls, csv, jsonl.
