// The page of a story while it is open. Everything it may need is loaded with it: a release later its files may be gone.

import { watch } from "marquee/desk/autosave";
import { watchLength } from "marquee/desk/counts";
import { showFolds } from "marquee/desk/folds";
import { keepHere } from "marquee/desk/keeping";
import { showMeters } from "marquee/desk/meters";
import { keepOneLine } from "marquee/desk/one-line";
import { form, mayEdit } from "marquee/desk/page";
import { showPanel } from "marquee/desk/panel";
import { watchOthers } from "marquee/desk/presence";
import { offerPreview } from "marquee/desk/preview";
import { offerLost } from "marquee/desk/recovery";
import { takeButtons } from "marquee/desk/saving";
import { takeKeys } from "marquee/desk/shortcuts";
import { takeVerbs } from "marquee/desk/verbs";

if (form) {
  showMeters();
  keepOneLine();
  showFolds();
  takeKeys();
  watchLength();
  showPanel();
  takeVerbs();
  offerPreview();
  if (mayEdit) {
    takeButtons();
    if (!form.elements._popup) {
      // What lies here is read before any of it is deleted.
      offerLost();
      keepHere();
      watch();
    }
  }
  if (!form.elements._popup) watchOthers();
}
