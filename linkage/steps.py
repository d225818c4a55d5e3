"""The queries that make outcomes of pairs and decisions, in the order in which they run.

`linkage.deciding` fills in the names of the tables and the thresholds.
"""

from __future__ import annotations

STEPS = {
    # Which records say enough to be somebody.
    "linkage_records": """
SELECT r.record_id, r.unit_id, coalesce(u.is_sufficient, false) AS is_sufficient
FROM {records} AS r LEFT JOIN (SELECT record_id, {sufficient} AS is_sufficient FROM {units}) AS u
    USING (record_id)""",
    # What people said, between records both ways round.
    "linkage_verdicts": """
SELECT record_id, subject_key, CAST(NULL AS VARCHAR) AS other_record_id, verdict FROM {verdicts}
WHERE subject_key IS NOT NULL
UNION SELECT record_id, NULL, other_record_id, verdict FROM {verdicts}
WHERE subject_key IS NULL AND other_record_id IS NOT NULL
UNION SELECT other_record_id, NULL, record_id, verdict FROM {verdicts}
WHERE subject_key IS NULL AND other_record_id IS NOT NULL""",
    # Each record's best pair with each subject, but what a person ruled out.
    "linkage_subjects": """
SELECT
    r.record_id, s.subject_key, arg_max(p.right_id, (p.match_weight, p.right_id)) AS unit_id,
    max(p.match_weight) AS match_weight, max(p.match_probability) AS match_probability
FROM {pairs} AS p
JOIN linkage_records AS r ON r.unit_id = p.left_id AND r.is_sufficient
JOIN {subjects} AS s ON s.unit_id = p.right_id
ANTI JOIN (FROM linkage_verdicts WHERE verdict = 'different') AS v
    ON v.record_id = r.record_id AND v.subject_key = s.subject_key
GROUP BY r.record_id, s.subject_key""",
    # The subject of each record by itself: by decision, else by likelihood.
    "linkage_direct": """
WITH decided AS (
    SELECT record_id, min(subject_key) AS subject_key, count(DISTINCT subject_key) AS subjects
    FROM linkage_verdicts WHERE verdict = 'same' AND subject_key IS NOT NULL GROUP BY record_id
),
ranked AS (
    SELECT *, lead(match_weight) OVER best AS next_weight, row_number() OVER best AS rank
    FROM linkage_subjects
    WINDOW best AS (PARTITION BY record_id ORDER BY match_weight DESC, subject_key)
)
SELECT
    r.record_id,
    CASE WHEN d.subjects = 1 THEN d.subject_key
        WHEN d.subjects IS NULL AND b.match_weight >= {upper}
            AND coalesce(b.match_weight - b.next_weight >= {margin}, true) THEN b.subject_key
    END AS subject_key,
    d.record_id IS NOT NULL AS is_decided, b.match_weight, b.match_probability,
    -- Somebody it may be, but not surely: a person has to look.
    coalesce(d.subjects > 1, b.record_id IS NOT NULL) AS is_doubtful
FROM linkage_records AS r
LEFT JOIN decided AS d ON d.record_id = r.record_id
LEFT JOIN ranked AS b ON b.record_id = r.record_id AND b.rank = 1""",
    # Pairs of records, both ways round.
    "linkage_twos": """
WITH told AS (
    SELECT a.record_id, b.record_id AS other_record_id, p.match_weight, p.match_probability
    FROM {pairs} AS p
    JOIN linkage_records AS a ON a.unit_id = p.left_id AND a.is_sufficient
    JOIN linkage_records AS b ON b.unit_id = p.right_id AND b.is_sufficient
),
ways AS (
    SELECT * FROM told
    UNION ALL SELECT other_record_id, record_id, match_weight, match_probability FROM told
)
SELECT
    coalesce(b.record_id, v.record_id) AS record_id,
    coalesce(b.other_record_id, v.other_record_id) AS other_record_id,
    b.match_weight, b.match_probability,
    coalesce(v.verdict = 'same', false) AS is_decided,
    coalesce(v.verdict = 'same', b.match_weight >= {upper}) AS is_one
FROM ways AS b
FULL JOIN (FROM linkage_verdicts WHERE other_record_id IS NOT NULL) AS v
    ON v.record_id = b.record_id AND v.other_record_id = b.other_record_id
SEMI JOIN linkage_records AS one ON one.record_id = coalesce(b.record_id, v.record_id)
SEMI JOIN linkage_records AS two ON two.record_id = coalesce(b.other_record_id, v.other_record_id)
WHERE coalesce(v.verdict, 'same') <> 'different'""",
    # Records that are one subject, among those without a subject of their own.
    "linkage_edges": """
SELECT t.record_id AS one, t.other_record_id AS other
FROM linkage_twos AS t
JOIN linkage_direct AS a ON a.record_id = t.record_id AND a.subject_key IS NULL
JOIN linkage_direct AS b ON b.record_id = t.other_record_id AND b.subject_key IS NULL
WHERE t.is_one
UNION ALL SELECT record_id, record_id FROM linkage_direct WHERE subject_key IS NULL""",
}

# Of each component of records without a subject: the subjects its members reach through linked
# records, whether a member is doubtful, and whether a person told two of its members apart.
TOLD = """
WITH reached AS (
    SELECT
        c.component, min(d.subject_key) AS subject_key, count(DISTINCT d.subject_key) AS subjects,
        max(t.match_weight) AS match_weight, max(t.match_probability) AS match_probability
    FROM linkage_component AS c
    JOIN linkage_twos AS t ON t.record_id = c.record_id AND t.is_one
    JOIN linkage_direct AS d ON d.record_id = t.other_record_id AND d.subject_key IS NOT NULL
    GROUP BY c.component
),
doubt AS (
    -- A candidate other than the subject the component reaches is a doubt.
    SELECT c.component
    FROM linkage_component AS c
    JOIN linkage_direct AS d ON d.record_id = c.record_id AND d.is_doubtful
    LEFT JOIN reached AS r ON r.component = c.component AND r.subjects = 1
    LEFT JOIN linkage_subjects AS s ON s.record_id = c.record_id
    WHERE r.component IS NULL OR d.is_decided OR s.subject_key IS DISTINCT FROM r.subject_key
    UNION SELECT c.component
    FROM linkage_component AS c
    JOIN linkage_twos AS t ON t.record_id = c.record_id AND NOT t.is_one
    LEFT JOIN linkage_component AS o ON o.record_id = t.other_record_id
    LEFT JOIN linkage_direct AS d ON d.record_id = t.other_record_id
    LEFT JOIN reached AS r ON r.component = c.component AND r.subjects = 1
    WHERE o.component IS DISTINCT FROM c.component
        AND d.subject_key IS DISTINCT FROM r.subject_key
    UNION SELECT c.component
    FROM linkage_component AS c
    JOIN linkage_verdicts AS v ON v.record_id = c.record_id AND v.verdict = 'different'
    LEFT JOIN linkage_component AS o ON o.record_id = v.other_record_id
    LEFT JOIN reached AS r ON r.component = c.component
    LEFT JOIN linkage_direct AS d ON d.record_id = v.other_record_id
    WHERE o.component = c.component OR v.subject_key = r.subject_key
        OR (d.subject_key = r.subject_key)
    UNION SELECT component FROM reached WHERE subjects > 1
)
SELECT c.record_id, c.component, r.subject_key, r.match_weight, r.match_probability,
    x.component IS NOT NULL AS is_doubtful, count(*) OVER (PARTITION BY c.component) AS members
FROM linkage_component AS c
LEFT JOIN reached AS r ON r.component = c.component
LEFT JOIN doubt AS x ON x.component = c.component"""

OUTCOMES = """
WITH torn AS (
    -- Two records that a person told apart cannot both be one subject by likelihood.
    SELECT DISTINCT v.record_id
    FROM linkage_verdicts AS v
    JOIN linkage_direct AS a ON a.record_id = v.record_id AND NOT a.is_decided
    JOIN linkage_direct AS b ON b.record_id = v.other_record_id AND b.subject_key = a.subject_key
    WHERE v.verdict = 'different'
),
judged AS (
    SELECT
        r.record_id, r.unit_id, t.component,
        CASE
            WHEN x.record_id IS NOT NULL THEN 'review'
            WHEN d.subject_key IS NOT NULL THEN 'linked'
            WHEN t.is_doubtful THEN 'review'
            WHEN t.subject_key IS NOT NULL THEN 'linked'
            WHEN t.members > 1 THEN 'grouped'
            WHEN NOT r.is_sufficient THEN 'insufficient'
            ELSE 'new'
        END AS outcome,
        coalesce(d.subject_key, t.subject_key) AS subject_key,
        CASE WHEN d.subject_key IS NULL THEN 'group' WHEN d.is_decided THEN 'decision'
            ELSE 'likelihood' END AS link_kind,
        CASE WHEN d.subject_key IS NULL THEN t.match_weight ELSE d.match_weight END AS match_weight,
        CASE WHEN d.subject_key IS NULL THEN t.match_probability
            ELSE d.match_probability END AS match_probability
    FROM linkage_records AS r
    JOIN linkage_direct AS d ON d.record_id = r.record_id
    LEFT JOIN linkage_told AS t ON t.record_id = r.record_id
    LEFT JOIN torn AS x ON x.record_id = r.record_id
)
SELECT
    record_id, unit_id, outcome,
    CASE WHEN outcome = 'linked' THEN subject_key END AS subject_key,
    CASE WHEN outcome IN ('grouped', 'new') THEN component END AS group_id,
    CASE WHEN outcome = 'linked' THEN link_kind END AS link_kind,
    CASE WHEN outcome = 'linked' THEN match_weight END AS match_weight,
    CASE WHEN outcome = 'linked' THEN match_probability END AS match_probability,
    CASE WHEN outcome = 'linked' AND link_kind <> 'decision' THEN '{version}' END AS model_version
FROM judged
ORDER BY record_id"""

CANDIDATES = """
SELECT s.record_id, s.subject_key, CAST(NULL AS VARCHAR) AS other_record_id, s.unit_id,
    s.match_weight, s.match_probability
FROM linkage_subjects AS s
JOIN {outcomes} AS o ON o.record_id = s.record_id AND o.outcome = 'review'
UNION ALL
SELECT t.record_id, NULL, t.other_record_id, r.unit_id, t.match_weight, t.match_probability
FROM linkage_twos AS t
JOIN {outcomes} AS o ON o.record_id = t.record_id AND o.outcome = 'review'
JOIN linkage_records AS r ON r.record_id = t.other_record_id
UNION ALL
SELECT v.record_id, v.subject_key, NULL, NULL, NULL, NULL
FROM linkage_verdicts AS v
JOIN {outcomes} AS o ON o.record_id = v.record_id AND o.outcome = 'review'
ANTI JOIN linkage_subjects AS s ON s.record_id = v.record_id AND s.subject_key = v.subject_key
WHERE v.verdict = 'same' AND v.subject_key IS NOT NULL
ORDER BY record_id, match_weight DESC NULLS FIRST, subject_key, other_record_id"""
