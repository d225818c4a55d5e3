-- Places that do not lie where their records say, holders that cannot be told apart.
{{ union_objections(['int_geospatial__object_to_places']) }}
