import type { ComponentChildren } from "preact";

/** What a page is called and what it is for, and what can be done with all of it. */
export function ViewHead(props: {
  readonly title: string;
  readonly text: string;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="view-head">
      <div>
        <h1>{props.title}</h1>
        <p class="quiet intro">{props.text}</p>
      </div>
      {props.children}
    </div>
  );
}
