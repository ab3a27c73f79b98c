{{ canonical_entity('segment_override') }}
