{{ canonical_entity('programme_decision') }}
