{{ canonical_text('segment_override', source('raw_canonical_csv', 'segment_override')) }}
