// Failures as the endpoint tells them (problem details, RFC 9457): in words below the editor, and at their line in it.
const marked = new WeakMap();

function read(text) {
  try {
    const problem = JSON.parse(text);
    return typeof problem.title === "string" ? problem : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function paragraph(text) {
  const element = document.createElement("p");
  element.textContent = text;
  return element;
}

export async function problemRenderer(error) {
  const problem = read(error.text);
  const element = document.createElement("div");
  element.className = "alarm";
  element.setAttribute("role", "alert");
  const heading = document.createElement("h2");
  heading.textContent = problem?.title ?? "There is no answer";
  element.append(heading, paragraph(problem?.detail ?? "The endpoint could not be reached, or the query was stopped."));
  return element;
}

export function clearMark(yasqe) {
  const line = marked.get(yasqe);
  if (line === undefined) return;
  yasqe.removeLineClass(line, "background", "problem-line");
  marked.delete(yasqe);
}

export function markProblem(yasqe, results) {
  const problem = results?.hasError() ? read(results.getError().text) : undefined;
  if (!problem?.line) return;
  const line = Math.min(problem.line, yasqe.lineCount()) - 1;
  yasqe.addLineClass(line, "background", "problem-line");
  marked.set(yasqe, yasqe.getLineHandle(line));
  yasqe.setCursor({ line, ch: problem.column - 1 });
  yasqe.scrollIntoView(null, 80);
}
