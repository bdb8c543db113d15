"""Drawings of what is sold, for businesses without a photo: a word of the name or product decides.

A drawing says what kind of thing it is, never that this is how it looks; it has no text for readers.
"""

from umkm_portal.lib.text import fold

DRAWINGS = (
    ("keripik", ("keripik", "kripik", "rengginang", "krupuk", "kerupuk", "camilan", "snack")),
    ("tempe", ("tempe", "tahu", "mendol")),
    (
        "bakso",
        ("bakso", "cwie", "mie", "mi", "soto", "rawon", "pecel", "nasi", "warung", "depot"),
    ),
    ("kopi", ("kopi", "kafe", "cafe", "coffee", "kedai")),
    ("kukis", ("kukis", "cookies", "cookie", "kue", "roti", "bakery", "brownies", "pastry")),
    ("marning", ("marning", "jagung")),
    ("batik", ("batik", "tenun", "ecoprint")),
    ("keramik", ("keramik",)),
    ("gerabah", ("gerabah", "tembikar")),
    ("rotan", ("rotan", "anyaman", "anyam", "kriya", "kerajinan", "mebel")),
    ("raket", ("raket", "kok", "shuttlecock", "olahraga")),
    (
        "tas",
        ("tas", "fesyen", "konveksi", "penjahit", "jahit", "busana", "hijab", "baju", "pakaian"),
    ),
)
BY_WORD = {word: picture for picture, words in DRAWINGS for word in words}


def drawing_for(*texts):
    """File name of the drawing for the first word known in `texts`, or "" for the empty shop."""
    for text in texts:
        for word in fold(text or "").split():
            if word in BY_WORD:
                return f"img/{BY_WORD[word]}.svg"
    return ""
