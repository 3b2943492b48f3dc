"""Which files the given paths stand for."""

import os
from pathlib import Path

import pytest

from rootsweep.auditing.sources.files.given_files import GivenFile, displayable, given_files
from rootsweep.core.run import RejectedInput


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.csv", "a/2.csv", "a/1.csv", "c.csv", ".git/config", "a/.DS_Store"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    return tmp_path


def found(*paths: Path | str) -> list[str]:
    return [
        given.path if isinstance(given, GivenFile) else given.reason for given in given_files([str(path) for path in paths])
    ]


def below(folder: Path, *names: str) -> list[str]:
    return [str(folder / name) for name in names]


def test_a_folder_is_walked_by_name_and_hidden_names_are_passed_over(folder: Path) -> None:
    assert found(folder) == below(folder, "a/1.csv", "a/2.csv", "b.csv", "c.csv")


def test_paths_keep_their_order_and_their_spelling(folder: Path) -> None:
    assert found(folder / "c.csv", f"{folder}/./a/2.csv") == [str(folder / "c.csv"), f"{folder}/./a/2.csv"]


def test_a_hidden_file_that_is_given_itself_is_read(folder: Path) -> None:
    assert found(folder / "a/.DS_Store", folder / ".git") == below(folder, "a/.DS_Store", ".git/config")


def test_standard_input_comes_once(folder: Path) -> None:
    assert found("-", folder / "b.csv", "-") == ["-", str(folder / "b.csv")]


def test_what_overlaps_comes_once(folder: Path) -> None:
    given = [folder / "a/2.csv", folder / "a", folder, folder / "b.csv", folder]
    assert found(*given) == below(folder, "a/2.csv", "a/1.csv", "b.csv", "c.csv")


def test_a_folder_whose_files_all_came_before_is_not_empty(folder: Path) -> None:
    assert found(folder / "a/1.csv", folder / "a/2.csv", folder / "a") == below(folder, "a/1.csv", "a/2.csv")


def test_links_are_followed_once_and_loops_end(folder: Path) -> None:
    (folder / "a/up").symlink_to(folder)
    (folder / "a/same.csv").symlink_to(folder / "a/1.csv")
    os.link(folder / "b.csv", folder / "z.csv")
    assert found(folder) == below(folder, "a/1.csv", "a/2.csv", "b.csv", "c.csv")


def test_a_file_is_read_by_its_own_name_before_that_of_a_link(folder: Path) -> None:
    (folder / "a/0.csv").symlink_to(folder / "c.csv")
    assert found(folder / "a", folder) == below(folder, "a/1.csv", "a/2.csv", "b.csv", "c.csv")


def test_a_link_to_what_has_a_hidden_name_alone_is_followed(folder: Path) -> None:
    (folder / "..data").mkdir()
    (folder / "..data/d.csv").touch()
    (folder / "d.csv").symlink_to("..data/d.csv")
    (folder / "e").symlink_to("..data")
    assert found(folder) == below(folder, "a/1.csv", "a/2.csv", "b.csv", "c.csv", "d.csv")


@pytest.mark.parametrize("target", ["b.csv", "a/..", "."])
def test_a_link_that_leads_out_is_not_followed(folder: Path, target: str) -> None:
    (folder / "a/link").symlink_to(folder / target)
    (folder / "a/3.csv").touch()
    *inside, refused = given_files([str(folder / "a")])
    assert inside == [GivenFile(path, is_in_folder=True) for path in below(folder, "a/1.csv", "a/2.csv", "a/3.csv")]
    assert isinstance(refused, RejectedInput)
    assert refused.path == str(folder / "a/link")
    assert refused.reason.startswith("this symbolic link leads out of the folder and was not followed; ")


def test_a_link_to_another_given_path_and_a_given_link_are_followed(folder: Path, tmp_path: Path) -> None:
    (folder / "a/link.csv").symlink_to(folder / "b.csv")
    assert found(folder / "a", folder / "b.csv") == below(folder, "a/1.csv", "a/2.csv", "b.csv")
    (tmp_path / "link").symlink_to(folder / "a")
    assert found(tmp_path / "link", folder / "b.csv") == below(tmp_path, "link/1.csv", "link/2.csv", "b.csv")


def test_a_name_that_only_begins_like_the_folder_is_outside(folder: Path) -> None:
    (folder / "a2").mkdir()
    (folder / "a2/x.csv").touch()
    (folder / "a/link.csv").symlink_to(folder / "a2/x.csv")
    assert found(folder / "a")[-1].startswith("this symbolic link leads out")


def test_a_link_to_nothing_is_refused(folder: Path) -> None:
    (folder / "a/0.csv").symlink_to(folder / "gone.csv")
    assert next(given_files([str(folder)])) == RejectedInput(
        str(folder / "a/0.csv"),
        None,
        "this path cannot be read (No such file or directory); check that it exists and that you may read it",
    )
    assert found(folder)[1:] == below(folder, "a/1.csv", "a/2.csv", "b.csv", "c.csv")


@pytest.mark.parametrize("path", ["gone.csv", "b.csv/x", "nul\0byte", "x" * 5000, ""])
def test_a_path_that_cannot_be_read_is_refused(folder: Path, path: str) -> None:
    [refused] = given_files([path and str(folder / path)])
    assert isinstance(refused, RejectedInput)
    assert refused.reason.startswith("this path cannot be read (")


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    [reason] = found(tmp_path / "loop")
    assert reason.startswith("this path cannot be read (")


@pytest.mark.parametrize("hidden", [True, False])
def test_a_folder_without_a_file_is_refused(tmp_path: Path, hidden: bool) -> None:
    if hidden:
        (tmp_path / ".DS_Store").touch()
    assert found(tmp_path) == ["this folder holds no file; give the folder that the evidence was saved in"]


def test_a_pipe_in_a_folder_is_refused_and_one_given_itself_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert found(tmp_path) == ["this is not a regular file; remove it from the folder or give its path itself"]
    assert found(tmp_path / "pipe") == [str(tmp_path / "pipe")]


def test_depth_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path
    for _ in range(400):
        path /= "d"
        path.mkdir()
    (path / "x.csv").touch()
    assert found(tmp_path) == [str(path / "x.csv")]


def test_names_that_are_not_unicode_can_be_shown(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/\xff.csv")
    assert displayable(path) == f"{tmp_path}/\\udcff.csv"
    assert found(path)[0].startswith("this path cannot be read (")
