"""The house holds: imports point down, every route names its access, and one door writes the registry."""

import ast
import io
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver

from registry.admin import site as admin_site
from registry.regions.roles import PERMISSIONS, Role

ROOT = Path(settings.BASE_DIR)
OURS = ("umkm_portal", "accounts", "registry", "programs")

# Who may import whom: a package may import itself and what stands before it, never what comes after.
FLOORS = [
    {"umkm_portal.lib"},
    {"accounts"},
    {"registry.regions"},
    {"registry.sectors"},
    {"registry.people"},
    {"registry.search"},
    {"registry.businesses"},
    {"registry.submissions"},
    {"registry.imports", "registry.duplicates", "registry.reports", "registry.tips"},
    {"registry.checks"},
    {"registry.rows", "registry.outreach"},
    {"registry.directory"},
    {"registry"},  # registry/models.py, urls.py, api.py, admin.py and the commands gather the rooms
    {"programs.partners"},
    {"programs.visits"},
    {"programs.monthly"},
    {"programs"},
    {"umkm_portal"},
]
# Inside a room: what a file of this name may not import from its own room.
ABOVE_IN_ROOM = {
    "models": {"filters", "forms", "views", "api", "urls"},
    "filters": {"forms", "views", "api", "urls"},
    "forms": {"views", "api", "urls"},
    "views": {"api", "urls"},
    "api": {"urls", "forms", "views"},
}


def python_files():
    return [p for top in OURS for p in sorted((ROOT / top).rglob("*.py")) if "migrations" not in p.parts]


def module_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path):
    """(module, name imported from it) for every import in a file, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, None
        elif isinstance(node, ast.ImportFrom):
            package = module_of(path) if path.name == "__init__.py" else module_of(path).rpartition(".")[0]
            for _step in range(node.level - 1):
                package = package.rpartition(".")[0]
            module = ".".join(filter(None, [package, node.module])) if node.level else node.module
            for alias in node.names:
                yield module, alias.name


def floor_of(module):
    best = None
    for number, rooms in enumerate(FLOORS):
        for room in rooms:
            if (module == room or module.startswith(room + ".")) and (best is None or len(room) > best[1]):
                best = (number, len(room), room)
    return (best[0], best[2]) if best else None


def wrong_imports(path, found):
    """Imports of a file that point up, or sideways into a room of the same floor."""
    mine = floor_of(module_of(path))
    for module, name in found:
        for target in (module, f"{module}.{name}" if name else module):
            theirs = floor_of(target)
            if theirs and mine and (theirs[0] > mine[0] or (theirs[0] == mine[0] and theirs[1] != mine[1])):
                yield f"{module_of(path)} imports {target}"


def test_imports_point_down():
    wrong = [line for path in python_files() for line in wrong_imports(path, imports_of(path))]
    assert wrong == []


def test_an_import_that_points_up_is_seen():
    path = ROOT / "registry/businesses/models.py"
    assert list(wrong_imports(path, [("registry.submissions.models", "Submission")]))
    assert list(wrong_imports(path, [("programs.visits", None)]))
    assert not list(wrong_imports(path, [("registry.people.models", "Person")]))


def test_in_a_room_models_come_before_views():
    wrong = []
    for path in python_files():
        forbidden = ABOVE_IN_ROOM.get(path.stem, set())
        room = module_of(path).rpartition(".")[0]
        for module, name in imports_of(path):
            for target in (module, f"{module}.{name}"):
                if target.rpartition(".")[0] == room and target.rpartition(".")[2] in forbidden:
                    wrong.append(f"{module_of(path)} imports {target}")
    assert wrong == []


def test_every_room_says_what_lives_here_its_verbs_and_its_callers():
    rooms = [ROOT / top for top in OURS]
    rooms += [p for top in OURS for p in (ROOT / top).iterdir() if (p / "__init__.py").exists()]
    silent = []
    for room in rooms:
        if room.name in ("migrations", "management", "templatetags", "data"):
            continue
        lines = (ast.get_docstring(ast.parse((room / "__init__.py").read_text())) or "").splitlines()
        kept = [line for line in lines if line.strip()]
        if len(kept) != 3 or not kept[1].startswith("Verbs:") or not kept[2].startswith("Callers:"):
            silent.append(str(room.relative_to(ROOT)))
    assert silent == []


# ---- routes --------------------------------------------------------------------------------------

# Third-party views that guard themselves, by URL name or prefix: sign-in and second factor (allauth),
# the admin (PortalAdminSite.has_permission), API views (DRF permission classes, tested below).
GUARDED_ELSEWHERE = ("account_", "mfa_", "admin:")


def routes(patterns=None, prefix="", namespace=""):
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, prefix + str(pattern.pattern), inner)
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), namespace + (pattern.name or ""), pattern.callback


def test_every_route_names_its_access():
    unnamed = []
    for path, name, callback in routes():
        if name.startswith(GUARDED_ELSEWHERE) or hasattr(callback, "access"):
            continue
        if hasattr(callback, "cls") and path.startswith("api/"):
            continue
        unnamed.append(f"{path} ({name})")
    assert unnamed == []


def test_every_page_permission_is_held_by_some_role():
    held = set().union(*PERMISSIONS.values()) | {"signed in", "public"}
    for path, _name, callback in routes():
        assert set(getattr(callback, "access", ())) <= held, path


def test_every_api_view_names_its_permission():
    for path, _name, callback in routes():
        view = getattr(callback, "cls", None)
        if view is None or not path.startswith("api/"):
            continue
        default = view.__mro__[-2]
        assert "permission_classes" in {k for c in view.__mro__ for k in vars(c)} - set(vars(default)), path
        own = [c for c in view.__mro__ if "permission_classes" in vars(c) and c.__module__.startswith(OURS)]
        assert own, f"{path}: {view.__name__} leaves its permission to the default"


def test_every_role_has_permissions_and_every_permission_exists():
    assert set(PERMISSIONS) == set(Role)
    existing = {
        f"{model._meta.app_label}.{code}"
        for model in apps.get_models()
        for code in [
            *(f"{act}_{model._meta.model_name}" for act in model._meta.default_permissions),
            *(code for code, _label in model._meta.permissions),
        ]
    }
    assert set().union(*PERMISSIONS.values()) - existing == set()


# ---- models --------------------------------------------------------------------------------------


def our_models():
    return [m for m in apps.get_models() if m._meta.app_label in ("accounts", "registry", "programs")]


def test_every_time_names_its_person():
    """`x_at` stands beside `x_by`; where nobody may have acted the model says so in UNATTENDED."""
    alone = []
    for model in our_models():
        names = {f.name for f in model._meta.get_fields()}
        for name in sorted(n for n in names if n.endswith("_at")):
            stem = name.removesuffix("_at")
            if f"{stem}_by" not in names and stem in getattr(model, "UNATTENDED", ()):
                continue
            if f"{stem}_by" not in names:
                alone.append(f"{model.__name__}.{name}")
                continue
            at, by = model._meta.get_field(name), model._meta.get_field(f"{stem}_by")
            if at.null == by.null and not at.null:
                continue
            if stem in getattr(model, "UNATTENDED", ()):
                continue
            named = [c.name for c in model._meta.constraints if stem in c.name]
            if not (at.null and by.null and named):
                alone.append(f"{model.__name__}.{name} is not held together with {stem}_by")
    assert alone == []


def test_no_migration_is_missing(db):
    out = io.StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=out)


def test_admin_registers_reference_tables_only():
    registered = {model._meta.label for model in admin_site._registry}
    assert registered == {
        "accounts.User",
        "registry.Post",
        "registry.Region",
        "registry.RegionAlias",
        "registry.Holiday",
        "registry.Kbli",
        "registry.Subsector",
        "registry.Synonym",
        "registry.ProductCentre",
        "programs.Organisation",
        "programs.Membership",
        "programs.OfficeHolder",
        "programs.OfficeAddress",
    }


# ---- the closed list of writers ------------------------------------------------------------------

# Files that may write rows of the registry. Everything else proposes.
GUARDED = {"Business", "Ownership", "Licence", "Product", "Photo", "Consent", "ScaleRecord", "Person"}
WRITERS = {
    "registry/submissions/apply.py",
    "registry/submissions/erasing.py",  # empties a person nobody needs any more (UU 27/2022)
    "registry/businesses/models.py",  # verify, confirm_active
    "registry/businesses/belongings.py",  # Consent.withdraw
    "registry/businesses/rebuild.py",  # derived columns only
    "registry/management/commands/rotate_identity_key.py",  # rewrites sealed columns under the newest key
}
WRITING = {
    "create", "bulk_create", "bulk_update", "update", "get_or_create", "update_or_create", "delete", "save",
    "add", "set", "remove", "clear",
}  # fmt: skip


def writes(source):
    """Calls in `source` that write: on Model.objects…, on a constructed Model, or save() on anything."""
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr not in WRITING:
            continue
        names = {n.id for n in ast.walk(node.func) if isinstance(n, ast.Name)}
        if names & GUARDED:
            yield node.lineno, sorted(names & GUARDED)[0]


def saves(source):
    """`something.save()` in a file that imports a guarded model."""
    tree = ast.parse(source)
    known = {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    } & GUARDED
    for node in ast.walk(tree):
        if (
            known
            and isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "save"
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id
            in {"business", "person", "licence", "product", "photo", "consent", "ownership"}
        ):
            yield node.lineno, node.func.value.id


def test_only_the_listed_writers_write_the_registry():
    found = [
        f"{path.relative_to(ROOT)}:{line} writes {what}"
        for path in python_files()
        if str(path.relative_to(ROOT)) not in WRITERS
        for line, what in [*writes(path.read_text()), *saves(path.read_text())]
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "Business.objects.filter(pk=1).update(name='x')",
        "Person.objects.create(name='x')",
        "Consent(group='phone').save()",
        "from registry.models import Business\nbusiness.save()",
    ],
)
def test_a_write_elsewhere_is_seen(source):
    assert [*writes(source), *saves(source)]


def test_status_is_no_field_of_a_form_or_serializer():
    """A state changes by its verb alone."""
    states = {"status", "state"}
    wrong = []
    for path in python_files():
        if path.stem not in ("forms", "api"):
            continue
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if not (isinstance(node, ast.ClassDef) and path.stem == "forms"):
                continue
            wrong += [
                f"{path.relative_to(ROOT)}: {node.name}.{target.id}"
                for line in node.body
                if isinstance(line, ast.Assign)
                for target in line.targets
                if isinstance(target, ast.Name) and target.id in states
            ]
    assert wrong == []
