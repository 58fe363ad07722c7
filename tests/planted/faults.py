# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The faults: what each does, the code that keeps it away, that code without it, and the tests that notice."""

from __future__ import annotations

from typing import Final

import attrs

__all__ = ["FAULTS", "Fault"]


@attrs.frozen(kw_only=True)
class Fault:
    """
    A fault to plant.

    Attributes:
        what: What happens with it, in a few words.

        file: The file below ``otlpjson``.

        old: Code that occurs there once.

        new: What stands there instead.

        tests: The tests that have to notice it.
    """

    what: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


def _fault(what: str, file: str, old: str, new: str, *tests: str) -> Fault:
    return Fault(what=what, file=file, old=old, new=new, tests=tuple(f"tests/{test}" for test in tests))


FAULTS: Final = (
    # ---- processes
    _fault(
        "a forked child sends its parent's queue again",
        "delivery/exporter.py",
        "        self.after_fork()\n        watch(self)",
        "        self.after_fork()",
        "delivery/test_exporter.py",
        "broadcast/test_process_end.py",
    ),
    _fault(
        "a forked child waits for a lock that no thread of its own holds",
        "broadcast/inbox.py",
        "        self.after_fork()\n        watch(self)",
        "        self.after_fork()",
        "broadcast/test_inbox.py",
        "broadcast/test_process_end.py",
    ),
    _fault(
        "parent and child read each other's answers",
        "delivery/wire.py",
        "        self._dialling.after_fork()\n        self.hang_up()",
        "        self._dialling.after_fork()",
        "delivery/test_sender.py",
        "delivery/test_forks.py",
    ),
    _fault(
        "a child of multiprocessing loses what it recorded",
        "broadcast/process_end.py",
        "            util.register_after_fork(self, ProcessEnd._finalize)\n            self._finalize()",
        "            pass",
        "broadcast/test_process_end.py",
    ),
    _fault(
        "SIGTERM does not send what waits",
        "broadcast/signals.py",
        "        act()\n",
        "",
        "broadcast/test_signals.py",
        "broadcast/test_process_end.py",
    ),
    _fault(
        "a signal handler that records waits for its own thread",
        "broadcast/inbox.py",
        "        if self._guard.is_inside():",
        "        if False:",
        "broadcast/test_inbox.py",
    ),
    _fault(
        "a signal handler that records waits for the lock of the problems",
        "broadcast/problems.py",
        "        self._guard = Guard()",
        "        self._guard = __import__('threading').Lock()",
        "broadcast/test_problems.py",
    ),
    _fault(
        "a signal handler that records waits for who waits for what it interrupted",
        "broadcast/broadcast.py",
        "self._inbox.is_inside() or is_guarded():",
        "self._inbox.is_inside():",
        "broadcast/test_spooling.py",
    ),
    # ---- the loop and the queue
    _fault(
        "what a server refused is thrown away",
        "delivery/quarantine.py",
        "        self._kept.append(settled)\n        self._size += _size_of(settled)\n",
        "",
        "delivery/test_quarantine.py",
        "delivery/test_exporter.py",
    ),
    _fault(
        "the quarantine has no bound",
        "delivery/quarantine.py",
        "while self._size > self.max_bytes:",
        "while False:",
        "delivery/test_quarantine.py",
    ),
    _fault(
        "a server that refuses everything is asked for ever",
        "delivery/loop.py",
        "            self.learned.refused += 1\n",
        "",
        "delivery/test_loop.py",
        "delivery/test_exporter.py",
    ),
    _fault(
        "time that is left is not used",
        "delivery/retry.py",
        "return min(wait, left_s) if retry_after_s < left_s else None",
        "return wait if wait < left_s else None",
        "delivery/test_retry.py",
    ),
    _fault(
        "a body that is answered 429 for ever is never halved",
        "delivery/loop.py",
        "if _is_rate(outcome) and attempt == _RATES_BEFORE_HALVING and len(body.entries) > 1:",
        "if False:",
        "delivery/test_loop.py",
    ),
    _fault(
        "flush ignores the wait that a server asked for",
        "delivery/exporter.py",
        "            self._paused_until_s = 0.0\n            self._wake()",
        "            self._paused_until_s = self._retry_at_s = 0.0\n            self._wake()",
        "delivery/test_exporter.py",
    ),
    _fault(
        "of two waits the first counts",
        "delivery/conclusion.py",
        'return max(_seconds_of(line.strip(), now) for line in text.split("\\n"))',
        'return _seconds_of(text.split("\\n")[0].strip(), now)',
        "delivery/test_exchange.py",
        "delivery/test_sender.py",
    ),
    _fault(
        "a mistaken header stops delivery for days",
        "delivery/conclusion.py",
        "return min(float(text[:300]), MAX_RETRY_AFTER_S)",
        "return float(text[:300])",
        "delivery/test_exchange.py",
    ),
    _fault(
        "an error in the worker loses its batch",
        "delivery/exporter.py",
        "                    self._holding.put_back(left)\n",
        "                    pass\n",
        "delivery/test_exporter.py",
    ),
    _fault(
        "a log handler of the program that raises ends the worker",
        "delivery/exporter.py",
        "        with suppress(Exception):\n            _LOG.warning",
        "        if True:\n            _LOG.warning",
        "delivery/test_exporter.py",
    ),
    _fault(
        "the size that a server accepts is forgotten",
        "delivery/exporter.py",
        "limits, self._learned):",
        "limits):",
        "delivery/test_exporter.py",
    ),
    _fault(
        "OTLP's errors that must not be repeated are repeated",
        "delivery/conclusion.py",
        "frozenset({429, 502, 503, 504})",
        "frozenset({408, 429, 500, 502, 503, 504})",
        "delivery/test_exchange.py",
        "test_docs_facts.py",
    ),
    _fault(
        "record() says yes to what was dropped",
        "broadcast/recording.py",
        "        return self._inbox.put(item, size)",
        "        return self._inbox.put(item, size) or True",
        "broadcast/test_broadcast.py",
    ),
    _fault(
        "a wait that is no number never ends",
        "delivery/limits.py",
        "if type(value) not in (int, float) or not value >= 0:\n",
        "if type(value) not in (int, float) or value < 0:\n",
        "broadcast/test_broadcast.py",
    ),
    # ---- the wire
    _fault(
        "a proxy of the environment sees key and prompts of a request to this machine",
        "delivery/proxies.py",
        "    if given is None and _is_plain_and_local(url):\n        return None\n",
        "",
        "delivery/test_sender.py",
    ),
    _fault(
        "an answer that drips holds a request beyond its deadline",
        "delivery/connection.py",
        "        self._socket.settimeout(self._deadline.left_s())\n        count",
        "        count",
        "delivery/test_sender.py",
    ),
    _fault(
        "an interim answer counts as the last one",
        "delivery/connection.py",
        "if not 100 <= response.status < 200 or response.status == _SWITCHING_PROTOCOLS:",
        "if True:",
        "delivery/test_sender.py",
    ),
    _fault(
        "an answer that was cut inside its headers counts as accepted",
        "delivery/connection.py",
        "        if incoming.has_ended:\n            return begun\n",
        "",
        "delivery/test_sender.py",
    ),
    _fault(
        "a connection that the server closed costs a failure",
        "delivery/wire.py",
        "                if kept.connection.heard:\n                    raise",
        "                raise",
        "delivery/test_sender.py",
    ),
    _fault(
        "a request whose answer had begun is sent twice",
        "delivery/wire.py",
        "                if kept.connection.heard:\n                    raise",
        "                pass",
        "delivery/test_sender.py",
    ),
    _fault(
        "an unreadable bundle of authorities reads as an outage",
        "delivery/trust.py",
        "raise Unusable(NoAnswer(reason, permanent=True)) from None",
        "raise",
        "delivery/test_sender.py",
    ),
    # ---- secrets
    _fault(
        "a pickle holds the key",
        "delivery/secret.py",
        '        raise TypeError("a secret cannot be pickled")',
        "        return (str, (self._text,))",
        "delivery/test_secret.py",
        "delivery/test_destination.py",
    ),
    _fault(
        "a repr shows the key",
        "delivery/secret.py",
        '        return "[secure]"',
        "        return repr(self._text)",
        "delivery/test_secret.py",
        "delivery/test_destination.py",
    ),
    _fault(
        "a server that answers with the key in base64 is quoted",
        "delivery/redaction.py",
        "        encoded += [whole, ",
        "        _ = [whole, ",
        "delivery/test_secret.py",
    ),
    _fault(
        "a server that answers with the key backwards is quoted",
        "delivery/redaction.py",
        "    encoded = [secret[::-1], ",
        "    encoded = [",
        "delivery/test_secret.py",
    ),
    # ---- the saved configuration
    _fault(
        "a file that others can change is used without a word",
        "broadcast/config_file.py",
        'if os.name == "posix" and status.st_mode & _OTHERS_MAY_WRITE:',
        "if False:",
        "broadcast/test_config_file.py",
    ),
    _fault(
        "a link is replaced, and the old file keeps the key",
        "broadcast/config_saving.py",
        "    path = Path(os.path.realpath(path))\n",
        "",
        "broadcast/test_config_file.py",
    ),
    _fault(
        "a pipe hangs",
        "broadcast/config_file.py",
        '            raise ConfigError({str(path): "not a regular file"})',
        "            pass",
        "broadcast/test_config_file.py",
    ),
    _fault(
        "two processes that save lose one of the changes",
        "broadcast/config_saving.py",
        "            gate.enter()\n",
        "            pass\n",
        "broadcast/test_config_file.py",
    ),
    # ---- the receiver
    _fault(
        "a request with two lengths is read",
        "receiver/delivered_body.py",
        "if len(lengths) + len(codings) > 1:",
        "if False:",
        "receiver",
    ),
    _fault(
        "a header that is none hides those behind it",
        "receiver/delivered_body.py",
        "    if headers.defects:",
        "    if False:",
        "receiver",
    ),
    _fault(
        "trailers are read without end",
        "receiver/delivered_body.py",
        "for _ in range(_MAX_TRAILERS):",
        "while True:",
        "receiver",
    ),
    _fault(
        "a body grows without bound when it is decompressed",
        "receiver/delivered_body.py",
        "decompressed.read(limit + 1)",
        "decompressed.read()",
        "receiver",
    ),
    _fault(
        "the scheme of credentials has a case",
        "receiver/server.py",
        'scheme.lower() == "basic"',
        'scheme == "Basic"',
        "receiver",
    ),
    # ---- the commands
    _fault(
        "equal messages are printed each time",
        "cli/folding.py",
        "return self._seen[kind] <= _SHOWN",
        "return True",
        "cli/test_folding.py",
    ),
    _fault(
        "SIGTERM ends a command without its summary",
        "cli/sigterm.py",
        "        usual = signal.signal(signal.SIGTERM, end)",
        "        usual = signal.getsignal(signal.SIGTERM)",
        "cli/test_send.py",
    ),
    # ---- capture
    _fault(
        "a stream that is left has no record",
        "capture/httpx_stack.py",
        "    def close(self) -> None:\n        self._exchange.leave()\n",
        "    def close(self) -> None:\n",
        "capture/test_httpx.py",
    ),
    _fault(
        "a stream that the garbage collector closes has no record",
        "capture/httpx_stack.py",
        "    def __del__(self) -> None:\n        self._exchange.leave()",
        "    def __del__(self) -> None:\n        pass",
        "capture/test_matrix.py",
    ),
    _fault(
        "each layer of a client records the request once more",
        "capture/tap.py",
        "            outer.is_seen_inside = True\n            outer.exchange.forget()\n",
        "",
        "capture",
    ),
    _fault(
        "an error of the capture reaches the program",
        "capture/tap.py",
        "            self.on_error(error)\n            return None",
        "            raise",
        "capture/test_tap.py",
    ),
    _fault(
        "the copy of a stream has no bound",
        "capture/kept.py",
        "fits = not self._is_over and self._taken + cost <= self._budget.max_copy_bytes",
        "fits = True",
        "capture/test_kept.py",
        "capture/test_exchange.py",
    ),
    _fault(
        "the text of an exception, which may hold content, is recorded",
        "capture/exchange.py",
        '{"interrupted_by": type(error).__name__}',
        '{"interrupted_by": str(error)}',
        "capture/test_exchange.py",
    ),
    _fault(
        "the header of the trace goes to every host",
        "capture/endpoints.py",
        "return bool(self.traceparent_hosts) and _is_one(outgoing.host, self.traceparent_hosts)",
        "return True",
        "capture/test_httpx.py",
    ),
    # ---- the spool
    _fault(
        "a commit of the spool is acknowledged before it is on the disk: no fsync",
        "delivery/spool/database.py",
        "'FULL' if durable else 'NORMAL'",
        "'NORMAL' if durable else 'NORMAL'",
        "faults/test_trials.py::test_a_trial_passes[power]",
    ),
    _fault(
        "several processes are inside the spool at a time",
        "delivery/gate.py",
        "LOCK_EX | self._fcntl.LOCK_NB",
        "LOCK_SH | self._fcntl.LOCK_NB",
        "delivery/spool/test_database.py",
    ),
    _fault(
        "a process that was stopped inside the spool stops all others",
        "delivery/gate.py",
        "time.monotonic() >= last_s",
        "False",
        "delivery/spool/test_database.py",
    ),
    _fault(
        "a record is acknowledged before it is in the spool",
        "broadcast/broadcast.py",
        "        if accepted and item.receipt is not None:",
        "        if False and item.receipt is not None:",
        "broadcast/test_spooling.py",
    ),
    _fault(
        "a lease of the spool is ignored: two processes send the same",
        "delivery/spool/items.py",
        "        if any(number in lease for lease in theirs):",
        "        if False:",
        "delivery/spool/test_items.py",
    ),
    _fault(
        "a lease of the spool of a dead process never ends",
        "delivery/spool/leases.py",
        "until_ms BETWEEN ? AND ?",
        "? < ?",
        "delivery/spool/test_items.py",
    ),
    _fault(
        "a lease of the spool is not renewed while a request runs",
        "delivery/spool/holding.py",
        "        if self._taken:\n            self._disk.attempt(lambda sql: leases.renew",
        "        if False:\n            self._disk.attempt(lambda sql: leases.renew",
        "delivery/spool/test_items.py",
    ),
    _fault(
        "what is not settled of the spool is not given back",
        "delivery/spool/holding.py",
        "self._disk.attempt(lambda sql: leases.release(sql, self.destination, self._disk.owner))",
        "pass",
        "delivery/spool/test_items.py",
    ),
    _fault(
        "the spool stays open over a fork",
        "delivery/spool/database.py",
        "        self._guard.lock.acquire()\n        if not self._running:\n            self.close()",
        "        self._guard.lock.acquire()",
        "delivery/spool/test_database.py",
        "faults/test_trials.py::test_a_trial_passes[forks]",
    ),
    _fault(
        "a fork does not wait for the transaction of the spool",
        "delivery/spool/database.py",
        "        hold(self)",
        "        watch(self)",
        "delivery/spool/test_database.py",
        "faults/test_trials.py::test_a_trial_passes[forks]",
    ),
    _fault(
        "a child of a fork uses its parent's lease of the spool",
        "delivery/spool/disk.py",
        "        self.after_fork()\n        watch(self)",
        "        self.after_fork()",
        "delivery/spool/test_database.py",
    ),
    _fault(
        "the checksum of an entry in the spool is not looked at",
        "delivery/spool/items.py",
        "entry_check(number, entry_spans, ids, data) == entry_digest",
        "True",
        "delivery/spool/test_items.py",
    ),
    _fault(
        "the checksum of an item in the spool is not looked at: it may go to another destination",
        "delivery/spool/items.py",
        "if not whole or check != item_check(destination, number, spans, len(data)):",
        "if not whole:",
        "delivery/spool/test_items.py",
    ),
    _fault(
        "a damaged log of the spool is read as sqlite reads it",
        "delivery/spool/opening.py",
        "    if log.exists() and is_log_damaged(log.read_bytes()):\n        raise Damaged",
        "    if False:\n        raise Damaged",
        "delivery/spool/test_database.py",
    ),
    _fault(
        "a damaged spool is not noticed at the start",
        "delivery/spool/opening.py",
        'if sql.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:',
        "if False:",
        "delivery/spool/test_database.py",
        "faults/test_trials.py::test_a_trial_passes[flips]",
    ),
    _fault(
        "a damaged spool is replaced and not kept",
        "delivery/spool/salvage.py",
        "    aside = folder.copy_aside()",
        "    aside = folder.path",
        "delivery/spool/test_database.py",
    ),
    _fault(
        "pages of the spool that are not in use are read when it is rebuilt: what was delivered comes again",
        "delivery/spool/salvage.py",
        "    free = free_pages(pages)",
        "    free: frozenset[int] = frozenset()",
        "delivery/spool/test_pages.py",
        "faults/test_trials.py::test_a_trial_passes[flips]",
        "delivery/spool/test_salvage.py",
    ),
    _fault(
        "a full disk raises in the program that uses a spool",
        "delivery/spool/disk.py",
        "        except (Unavailable, ConfigError) as error:\n            self.fail(error)\n            return None",
        "        except ConfigError as error:\n            self.fail(error)\n            return None",
        "delivery/spool/test_spool.py",
    ),
    _fault(
        "what could not be written into the spool is forgotten",
        "delivery/spool/commit.py",
        "            elif one.keeper.keep(one.entries, now_s) is not None and one.receipt is not None:",
        "            elif one.receipt is not None:",
        "delivery/spool/test_spool.py",
    ),
    _fault(
        "memory is never written into a spool that works again",
        "delivery/spool/spool.py",
        "            if not self.is_durable:\n                holding.heal()",
        "            if False:\n                holding.heal()",
        "delivery/spool/test_spool.py",
    ),
    _fault(
        "what was settled while the disk failed is sent again from the spool",
        "delivery/spool/holding.py",
        "            self._owed.append((numbers, settled))\n",
        "",
        "delivery/spool/test_spool.py",
    ),
    _fault(
        "a spool takes more than its limit",
        "delivery/spool/commit.py",
        "if self._used + size > self._max_bytes:",
        "if False:",
        "delivery/spool/test_spool.py",
    ),
    _fault(
        "the folder of a spool may be a symbolic link",
        "delivery/spool/folder.py",
        "        if stat.S_ISLNK(status.st_mode):",
        "        status = os.stat(path)\n        if False:",
        "delivery/spool/test_folder.py",
    ),
    _fault(
        "the files of a spool can be read by others",
        "delivery/spool/folder.py",
        "os.fchmod(handle, 0o600)",
        "os.fchmod(handle, 0o644)",
        "delivery/spool/test_folder.py",
    ),
    _fault(
        "another program's database becomes a spool",
        "delivery/spool/database.py",
        "        if any(head) and wrong_bits > _MOST_WRONG_BITS:",
        "        if False:",
        "delivery/spool/test_database.py",
    ),
    _fault(
        "the spool knows the URL, in which there may be a token",
        "delivery/spool/registry.py",
        "(target.number, target.name, target.private),",
        "(target.number, target.url, target.private),",
        "delivery/spool/test_spool.py",
        "faults/test_trials.py::test_a_trial_passes[canaries]",
    ),
    _fault(
        "what the spool has for a destination without privacy mode is sent when it is switched on",
        "delivery/spool/schema.py",
        "\\0{private}",
        "\\0",
        "delivery/spool/test_spool.py",
    ),
    _fault(
        "another URL gets what the spool has for the old one",
        "delivery/spool/schema.py",
        "{name}\\0{url.partition('?')[0]}\\0",
        "{name}\\0",
        "delivery/spool/test_spool.py",
    ),
    _fault(
        "the counts of a spool are those of one process",
        "delivery/spool/items.py",
        "    tallies.count(sql, destination, tallies.delivered(answer, spans))",
        "    tallies.count(sql, destination, [])",
        "delivery/spool/test_items.py",
    ),
    _fault(
        "an event loop stops for the disk of the spool",
        "broadcast/event_loop.py",
        "        return True\n    return False",
        "        return True\n    return True",
        "broadcast/test_spooling.py",
    ),
    _fault(
        "the beginning of the viewer's token is enough",
        "view/access.py",
        'return hmac.compare_digest(given.encode("utf-8", "replace"), self.token.encode())',
        'return given != "" and self.token.startswith(given[:8])',
        "view/test_access.py",
    ),
    _fault(
        "any host may be the viewer's",
        "view/access.py",
        'if headers.get("Host", "").lower() not in names:',
        'if headers.get("Host", "") == "":',
        "view/test_access.py",
    ),
    _fault(
        "the viewer's page may run what a span holds",
        "view/viewer.py",
        "media_type, *SAFE_HEADERS, *headers)",
        "media_type, *headers)",
        "view/test_viewer.py",
    ),
    _fault(
        "the viewer's database can be read by others",
        "view/store/database.py",
        "    path.chmod(0o600)\n",
        "",
        "view/test_store.py",
    ),
    _fault(
        "the viewer's search never forgets a word",
        "view/store/writing.py",
        "connection.execute(_FORGET, (number, unpacked(words).decode()))",
        "pass",
        "view/test_store.py",
    ),
    _fault(
        "the viewer's search keeps the notes of what it forgot",
        "view/store/writing.py",
        "        connection.execute(_MERGE)\n",
        "        pass\n",
        "view/test_store.py",
    ),
    _fault(
        "a search of the viewer ends in the middle of a word",
        "view/store/selection.py",
        '.replace(\'"\', " ")',
        "",
        "view/test_conditions.py",
    ),
    _fault(
        "a cost beyond all others spoils the viewer's sums",
        "view/store/span_row.py",
        "not abs(value) < _MAX_SUMMABLE",
        "value != value",
        "view/test_store.py",
    ),
    _fault(
        "a program sends to what a killed viewer left",
        "delivery/viewer/rendezvous.py",
        " or not _is_locked(file.fileno())",
        "",
        "delivery/viewer/test_viewer_found.py",
    ),
    _fault(
        "a program believes a viewer of which others know the token",
        "delivery/viewer/rendezvous.py",
        "not status.st_mode & 0o077",
        "status.st_mode >= 0",
        "delivery/viewer/test_viewer_found.py",
    ),
    _fault(
        "the receiver lets who waits for traces wait",
        "receiver/server.py",
        "                self._changed.notify_all()\n",
        "",
        "receiver/test_server.py",
    ),
    _fault(
        "spans without a root wait for ever",
        "cli/gathering.py",
        "since_s = now_s if before is None else before.since_s",
        "since_s = now_s",
        "cli/test_gathering.py",
    ),
)
"""All of them."""
