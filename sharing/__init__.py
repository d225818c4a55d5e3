"""Releases and what readers get of them: the only way out of the warehouse.

Belongs here: candidates and their fingerprints, the decision what is served, the signed release
store, the analysts' file, consumers' packages, masking, questions to a release and their record,
the life of objections and the departments' sheets of them.
Does not belong here: reading staging or raw rows, rules that a product must satisfy
(`expectations`), what a product contains (`dbt_project`) and who may have it (`catalog/grants`).
"""

from sharing.analysts import follow_current
from sharing.candidates import export_candidates
from sharing.certificate import code_fingerprint
from sharing.diff import ProductDiff, diff
from sharing.graph import ProductGraph
from sharing.objection_delivery import deliver_objections
from sharing.objection_life import follow_objections
from sharing.package_check import verify_package
from sharing.packages import PackageOutcome, build_packages
from sharing.query import Answer, as_of, query
from sharing.records import Candidate, Candidates, Composition, ReleaseOutcome
from sharing.release import approve, recover, release_step
from sharing.rollback import rollback
from sharing.store import Release, Store
from sharing.verify import verify

__all__ = [
    "Answer",
    "Candidate",
    "Candidates",
    "Composition",
    "PackageOutcome",
    "ProductDiff",
    "ProductGraph",
    "Release",
    "ReleaseOutcome",
    "Store",
    "approve",
    "as_of",
    "build_packages",
    "code_fingerprint",
    "deliver_objections",
    "diff",
    "export_candidates",
    "follow_current",
    "follow_objections",
    "query",
    "recover",
    "release_step",
    "rollback",
    "verify",
    "verify_package",
]
