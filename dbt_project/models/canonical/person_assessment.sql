{{ canonical_entity('person_assessment') }}
