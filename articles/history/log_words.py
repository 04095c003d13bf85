"""What people read for each verb of the audit log."""

DEEDS = {
    "article.accepted": "Accepted",
    "article.begun": "Begun from another",
    "article.cancelled": "Schedule cancelled",
    "article.corrected": "Published with a correction",
    "article.discarded": "Discarded",
    "article.handed_over": "Given to another owner",
    "article.imported": "Imported",
    "article.moved": "Moved to a new address",
    "article.published": "Published",
    "article.restored": "Older version restored",
    "article.returned": "Sent back to the writer",
    "article.scheduled": "Scheduled",
    "article.sealed": "Sealed",
    "article.submitted": "Handed in",
    "article.updated": "Update published",
    "article.withdrawn": "Withdrawn",
    "embargo.overridden": "Published before the embargo ended",
    "endpoint.switched_off": "Webhook endpoint switched off",
    "endpoint.switched_on": "Webhook endpoint switched on",
    "gate.overridden": "Published despite the checks",
    "preview.shared": "Preview link made",
    "preview.revoked": "Preview link revoked",
    "task.repeated": "Failed background work tried again",
    "template.kept": "Kept as a template",
    "template.dropped": "Template removed",
    "token.issued": "API token issued",
    "token.revoked": "API token revoked",
    "photo.received": "Photo file received",
    "photo.rendered": "Photo sizes made",
    "photo.changed": "Photo changed",
    "photo.corrected": "Photo corrected, readers told",
    "photo.people_changed": "People in the photo changed",
    "photo.cleared": "Photo cleared for a story",
    "photo.clearance_taken_back": "Photo clearance taken back",
    "photo.slot_filled": "Photo slot filled",
    "photo.swapped": "Photo swapped for another",
    "photo.killed": "Photo killed",
    "photo.withheld": "Photo withheld",
    "photo.reinstated": "Photo reinstated",
    "photo.deleted": "Photo deleted",
    "right.removed": "Right removed",
    "demo.loaded": "Demo loaded",
}
# Actions that any kind of row can have.
ENDINGS = {"changed": "changed", "merged": "merged with another"}


def in_words(verb: str) -> str:
    """Return what the log shows for a verb. Verbs such as `person.changed` are put together from their parts."""
    noun, _, deed = verb.partition(".")
    return DEEDS.get(verb) or f"{noun.capitalize()} {ENDINGS.get(deed, deed.replace('_', ' '))}".strip()
