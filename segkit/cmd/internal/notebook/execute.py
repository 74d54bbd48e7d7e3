"""Executes one notebook with nbclient and renders it with nbconvert.

Reads a job from standard input, a line of JSON, and answers on standard output in JSON. It judges nothing: that is done by
whoever reads the outputs. Standard input ends with whoever asked, and then nobody waits for the answer.
"""

import json
import os
import re
import signal
import sys
import threading
import time

try:
    import nbclient
    import nbconvert
    import nbformat
    from nbconvert.preprocessors import TagRemovePreprocessor
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
except ImportError as missing:
    sys.exit(f"{sys.executable} has no {missing.name}. Run `make doctor`, or install nbclient and nbconvert there.")

# JupyterLab's own look, without the scripts that it loads from elsewhere and without the prompts' noise. Comments and numbers are
# darker, since JupyterLab's have too little contrast, and links are underlined. On a phone code wraps, and margins are narrow.
PAGE = """
{%- extends 'lab/index.html.j2' -%}
{%- block html_head_js -%}{%- endblock -%}
{%- block html_head_js_mathjax -%}{%- endblock -%}
{%- block html_head_js_mermaidjs -%}{%- endblock -%}
{%- block jupyter_widgets -%}{%- endblock -%}
{%- block html_head_css -%}
<style>
body { --jp-mirror-editor-comment-color: #2f6666; --jp-mirror-editor-number-color: #006a00; }
main { max-width: 62rem; margin: 0 auto; padding: 1rem; }
.jp-RenderedHTMLCommon table { margin-left: 0; }
.jp-RenderedHTMLCommon svg { max-width: 100%; height: auto; }
.jp-RenderedMarkdown a:not(.anchor-link) { text-decoration: underline; }
.jp-RenderedMarkdown tbody tr:nth-child(odd) { background: transparent; }
.jp-RenderedMarkdown tbody tr:nth-child(even) { background: rgba(0, 0, 0, .05); }
.jp-OutputArea-output pre { overflow-y: hidden; }
.jp-RenderedText pre { word-break: normal; overflow-wrap: anywhere; }
@media (max-width: 46rem) {
  main { padding: 0; }
  main .jp-Cell { padding: 0 .4rem; }
  .jp-RenderedHTMLCommon { padding-right: 0; }
  .highlight pre, .jp-RenderedMarkdown td code { white-space: pre-wrap; overflow-wrap: anywhere; }
}
</style>
{%- endblock -%}
"""


def execute(job, notebook):
    """Executes the notebook in place; returns seconds by cell index, the kernel's own account, and what stopped it."""
    seconds, began, current = {}, {}, [0]

    def start(cell, cell_index):
        current[0] = cell_index
        began[cell_index] = time.monotonic()

    def done(cell, cell_index, execute_reply):
        seconds[cell_index] = round(time.monotonic() - began[cell_index], 3)

    def run():
        client = nbclient.NotebookClient(
            notebook,
            kernel_name=notebook.metadata.get("kernelspec", {}).get("name", "gonb"),
            timeout=job["timeout"],
            startup_timeout=120,
            iopub_timeout=30,
            raise_on_iopub_timeout=True,
            record_timing=False,  # executed copies of two runs should not differ by it
            store_widget_state=False,
            resources={"metadata": {"path": job["folder"]}},
            on_cell_execute=start,
            on_cell_executed=done,
        )
        try:
            client.execute()
        except CellTimeoutError:
            return {"cell": current[0], "reason": "timeout"}
        except Exception as err:
            # After a signal (SIGINT or SIGTERM), nbclient ends the kernel. Then the cell fails, or the kernel is found dead, or there is none for the next cell, or
            # none to be ended once more.
            if isinstance(err, AssertionError) or getattr(client, "_async_cleanup_kernel_future", None):
                return {"cell": current[0], "reason": "interrupted"}
            if isinstance(err, DeadKernelError):
                return {"cell": current[0], "reason": "dead"}
            if not isinstance(err, CellExecutionError):  # no such kernel, it does not start, a lost message
                return {"cell": -1, "reason": f"{type(err).__name__}: {err}"}
            # A cell that failed: its output says it.

    # Jupyter finds a kernel's ports before the kernel takes them, so two that start at once can be given the same ones, and one of
    # them dies. Nothing has run then, and the next try has other ports.
    for _ in range(STARTS):
        stopped = run()
        if began or stopped is None:
            break
    return {"seconds": [seconds.get(i, 0) for i in range(len(notebook.cells))], "stopped": stopped}


STARTS = 3  # times that a kernel may fail to start

ESCAPE = re.compile(r"\x1b\[[0-9;]*[a-zA-Z]")  # colours of a terminal


def tidy(notebook):
    """Leaves colours out of the outputs, and says the exit status once, which the kernel says on stderr and as the error."""
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        status = {o.evalue for o in cell.outputs if o.output_type == "error"}
        for o in cell.outputs:
            if o.output_type == "stream":
                o.text = ESCAPE.sub("", o.text)
                before, _, last = o.text.rstrip("\n").rpartition("\n")
                if o.name == "stderr" and last in status:
                    o.text = before + "\n" if before else ""
            elif o.output_type == "error":
                o.traceback = [ESCAPE.sub("", line) for line in o.traceback]
        cell.outputs = [o for o in cell.outputs if o.output_type != "stream" or o.text]


def render(job, notebook):
    exporter = nbconvert.HTMLExporter(raw_template=PAGE, exclude_input_prompt=True, exclude_output_prompt=True)
    exporter.embed_images = True
    exporter.exclude_input = job["page"] == "no code"
    exporter.register_preprocessor(TagRemovePreprocessor(remove_input_tags={"hide-input"}), enabled=True)  # cells that only write text
    notebook.metadata["language_info"] = {"name": "go", "pygments_lexer": "go"}  # the kernel names none: colours would be Python's
    html, _ = exporter.from_notebook_node(notebook, resources={"metadata": {"name": job["title"], "path": job["folder"]}})
    return re.sub(r'href="(\w+)\.ipynb"', r'href="\1.html"', html)  # a lesson links to lessons, its page to their pages


def stop_when_alone():
    while os.read(0, 1 << 10):
        pass
    os.kill(os.getpid(), signal.SIGTERM)  # nbclient ends its kernel


def main():
    job = json.loads(sys.stdin.readline())
    threading.Thread(target=stop_when_alone, daemon=True).start()
    notebook = nbformat.reads(json.dumps(job["notebook"]), as_version=4)
    answer = execute(job, notebook)
    tidy(notebook)
    answer["html"] = render(job, notebook) if job["page"] else ""
    answer["notebook"] = notebook
    answer["versions"] = {
        "python": sys.version.split()[0],
        "nbclient": nbclient.__version__,
        "nbconvert": nbconvert.__version__,
    }
    json.dump(answer, sys.stdout)


main()
