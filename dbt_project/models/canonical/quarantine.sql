{{ rejected_rows() }}
