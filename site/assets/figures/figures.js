// The lessons' interactive figures. A page that holds none of them pays for a few kilobytes.
import { Activation } from "./activation.js";
import { Chain } from "./chain.js";
import { Descent } from "./descent.js";
import { Layers } from "./layers.js";
import { Rates } from "./rates.js";
import { Softmax } from "./softmax.js";
import { Start } from "./start.js";

const ELEMENTS = {
  "dl-activation": Activation,
  "dl-chain": Chain,
  "dl-descent": Descent,
  "dl-layers": Layers,
  "dl-rates": Rates,
  "dl-softmax": Softmax,
  "dl-start": Start,
};
for (const [name, element] of Object.entries(ELEMENTS)) {
  if (!customElements.get(name)) customElements.define(name, element);
}
