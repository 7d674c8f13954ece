import "@vscode-elements/elements/dist/vscode-button/index.js";
import "@vscode-elements/elements/dist/vscode-textfield/index.js";
import "@vscode-elements/elements/dist/vscode-toolbar-button/index.js";
import "./app";
import "./jsonTreeView";
import "./tabBar";
import "./textView";
import "./verifyView";
