import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { type Browser, errors, type Locator, type Page } from 'playwright-core';
import { type Installed, root } from '../host/harness/environment';
import { startWorkbench, type Workbench } from '../host/harness/workbench';
import type { ScreenOptions } from './screenRing';

export interface ScreenPlace {
  readonly name: string;
  readonly installed: Installed;
  readonly browser: Browser;
  readonly pictures: string;
  readonly folder: string;
}

const themes = { light: 'Default Light Modern', dark: 'Default Dark Modern' } as const;
const pictureSize = { width: 1280, height: 800 };

/** A workbench as a person sees it: what is on the screen, and the ways to act on it. */
export class Screen {
  readonly page: Page;
  readonly #workbench: Workbench;
  readonly #place: ScreenPlace;

  private constructor(page: Page, workbench: Workbench, place: ScreenPlace) {
    this.page = page;
    this.#workbench = workbench;
    this.#place = place;
  }

  /** Opens `file` of a fresh folder with the extension from the sources, and waits for its text. */
  static async open({ theme, fill, file, settings, environment, ...place }: ScreenPlace & ScreenOptions): Promise<Screen> {
    mkdirSync(place.folder, { recursive: true });
    fill(place.folder);
    const workbench = await startWorkbench(place.installed, { userDataDir: `${place.folder}-user`, environment: environment?.(place.folder) ?? {}, settings: { 'workbench.colorTheme': themes[theme], 'window.autoDetectColorScheme': false, 'editor.fontFamily': 'DejaVu Sans Mono', 'editor.fontSize': 13, ...settings } });
    try {
      const page = await place.browser.newPage({ viewport: pictureSize, colorScheme: theme, permissions: ['clipboard-read', 'clipboard-write'] });
      page.setDefaultTimeout(30_000);
      await page.goto(workbench.pageFor({ folder: place.folder, developmentPaths: [root], openFile: path.join(place.folder, file) }));
      const screen = new Screen(page, workbench, place);
      await page.locator('.monaco-editor .view-line').first().waitFor({ timeout: 60_000 });
      await screen.makeRoom();
      return screen;
    } catch (error) {
      await workbench.stop();
      throw error;
    }
  }

  get folder(): string {
    return this.#place.folder;
  }

  get userDataDir(): string {
    return `${this.#place.folder}-user`;
  }

  /** Waits until the line is drawn with a badge like this before its text. `line` is 1-based. */
  async badgeOfLine(line: number, badge: RegExp): Promise<void> {
    let seen: string | undefined;
    await this.until(`a badge like ${badge.source} on line ${line}`, async () => {
      const text = await this.#textOfLine(line);
      seen = text?.slice(0, Math.max(0, text.indexOf('{'))).trim();
      return seen !== undefined && badge.test(seen);
    }).catch((error: unknown) => {
      throw new Error(`Line ${line} shows "${seen ?? 'nothing'}", not ${badge.source}`, { cause: error });
    });
  }

  async goToLine(line: number): Promise<void> {
    await this.#type('Control+G', `:${line}`);
    await this.page.keyboard.press('Enter');
    await this.until(`the cursor on line ${line}`, async () => (await this.page.locator('.statusbar-item', { hasText: `Ln ${line},` }).count()) > 0);
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  /** Rests the pointer on a line's text and returns the card that appears. */
  async hoverLine(line: number): Promise<Locator> {
    await this.goToLine(line);
    const place = await this.#elementOfLine(line);
    const box = await place?.boundingBox();
    if (!box) throw new Error(`Line ${line} is not on the screen.`);
    await this.page.mouse.move(box.x + 500, box.y + 4);
    await this.page.mouse.move(box.x + 500, box.y + box.height / 2, { steps: 4 });
    const card = this.page.locator('.monaco-hover:visible').filter({ hasText: 'Record' });
    await card.waitFor();
    return card;
  }

  async activeTab(): Promise<string> {
    return (await this.page.locator('.tab.active').first().getAttribute('aria-label')) ?? '';
  }

  async showFile(name: string): Promise<void> {
    await this.tab(name).first().click();
    await this.page.locator('.tab.active', { hasText: name }).waitFor();
  }

  /** Writes a name into the save dialog, beside the dataset. */
  async saveAs(name: string): Promise<void> {
    const dialog = this.page.locator('.quick-input-widget:visible', { has: this.page.locator('.quick-input-inline-action-bar, .quick-input-action, .quick-input-titlebar') });
    await dialog.waitFor();
    const input = dialog.locator('input[type=text]').first();
    await this.until('the save dialog to suggest a file', async () => (await input.inputValue()).includes(this.folder));
    await input.fill(path.join(this.folder, name));
    await this.page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
  }

  /** Waits for text inside a preview, which lives in a frame of its own. */
  async webviewText(text: string): Promise<void> {
    await this.page.locator('iframe.webview.ready').first().contentFrame().frameLocator('#active-frame').getByText(text).first().waitFor();
  }

  async until<T>(what: string, probe: () => T | undefined | false | Promise<T | undefined | false>, seconds = 30): Promise<T> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const found = await probe();
      if (found !== undefined && found !== false) return found;
      if (Date.now() > end) throw new Error(`Waited ${seconds} s for: ${what}`);
      await this.page.waitForTimeout(50);
    }
  }

  async command(title: string): Promise<void> {
    await this.#type('F1', `>${title}`);
    await this.page.locator(`.quick-input-list .monaco-list-row.focused:has-text("${title}")`).first().waitFor();
    await this.page.keyboard.press('Enter');
  }

  /** Chooses a row of the quick pick that is open. */
  async choose(text: string): Promise<void> {
    const row = this.page.locator(`.quick-input-list .monaco-list-row:has-text("${text}")`).first();
    await row.waitFor();
    await row.click();
  }

  /** Opens the menu of what can be done on the line with the cursor: again where the editor has not yet asked the server, and shows nothing. */
  async actions(showing: string): Promise<Locator> {
    const menu = this.page.locator('.action-widget').first();
    await this.until(`the menu of actions with ${showing}`, async () => {
      await this.page.keyboard.press('Control+.');
      const shown = await menu.getByText(showing).waitFor({ timeout: 5000 }).then(() => true, () => false);
      if (!shown) await this.page.keyboard.press('Escape');
      return shown;
    });
    return menu;
  }

  /** Answers the input box that is open, whose text holds `asking`. */
  async answer(asking: string, text: string): Promise<void> {
    const box = this.page.locator(`.quick-input-widget:visible:has-text("${asking}")`);
    await box.waitFor();
    await box.locator('input').first().fill(text);
    await this.page.keyboard.press('Enter');
  }

  /**
   * Waits for a message to the person, in the notification centre: a workbench that tests drive shows no toasts.
   * Leaves the centre empty and closed. With a name, takes a picture of it.
   */
  async notice(text: RegExp, picture?: string, seconds = 30): Promise<void> {
    const centre = this.page.locator('.notifications-center.visible');
    await this.until(`the message ${text.source}`, async () => {
      if (!(await centre.isVisible())) await this.command('Notifications: Show Notifications');
      return (await centre.locator('.notification-list-item', { hasText: text }).count()) > 0;
    }, seconds);
    if (picture) await this.picture(picture);
    await this.clearNotices();
  }

  async clearNotices(): Promise<void> {
    await this.command('Notifications: Clear All Notifications');
    await this.page.locator('.notifications-center.visible').waitFor({ state: 'detached' });
  }

  tab(text: string | RegExp): Locator {
    return this.page.locator('.tab', { hasText: text });
  }

  async picture(name: string): Promise<string> {
    const file = path.join(this.#place.pictures, `${this.#place.name}-${name}.png`);
    await this.page.screenshot({ path: file, animations: 'disabled' });
    return file;
  }

  async close(): Promise<void> {
    await this.page.close();
    await this.#workbench.stop();
  }

  /** Opens the box that a key opens and fills it; again when something that was closing took the focus away. */
  async #type(key: string, text: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget:visible input[type=text]').first();
    await this.until(`the box that ${key} opens`, async () => {
      if (!(await input.isVisible())) await this.page.keyboard.press(key);
      try {
        await input.fill(text, { timeout: 2000 });
        return true;
      } catch (error) {
        if (error instanceof errors.TimeoutError) return false;
        throw error;
      }
    });
  }

  async #textOfLine(line: number): Promise<string | undefined> {
    return (await (await this.#elementOfLine(line))?.innerText())?.replaceAll('\u00A0', ' ');
  }

  /** The drawn text of a line: the one at the height of its number in the margin. */
  async #elementOfLine(line: number): Promise<Locator | undefined> {
    const number = this.page.locator('.monaco-editor .line-numbers').getByText(String(line), { exact: true }).first();
    if ((await number.count()) === 0) return undefined;
    const at = await number.boundingBox();
    if (!at) return undefined;
    for (const candidate of await this.page.locator('.monaco-editor .view-line').all()) {
      const box = await candidate.boundingBox();
      if (box && Math.abs(box.y - at.y) < 3) return candidate;
    }
    return undefined;
  }

  /** The dataset gets the whole window. */
  private async makeRoom(): Promise<void> {
    await this.command('View: Toggle Primary Side Bar Visibility');
    await this.page.locator('.part.sidebar').waitFor({ state: 'hidden' });
  }
}
