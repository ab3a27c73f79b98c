{{ canonical_text('case', source('raw_canonical_csv', 'case')) }}
