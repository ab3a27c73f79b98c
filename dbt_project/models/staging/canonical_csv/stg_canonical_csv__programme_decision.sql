{{ canonical_text('programme_decision', source('raw_canonical_csv', 'programme_decision')) }}
