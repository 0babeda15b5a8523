import { axolotlChat } from './axolotlChat';
import { llamafactoryAlpaca } from './llamafactoryAlpaca';
import { llamafactorySharegpt } from './llamafactorySharegpt';
import { openaiSft } from './openaiSft';
import type { Trainer } from './trainer';
import { trlDpo, trlSft } from './trl';

/** In the order in which people are offered them. */
export const trainers: readonly Trainer[] = [llamafactoryAlpaca, llamafactorySharegpt, trlSft, trlDpo, axolotlChat, openaiSft];

export function findTrainer(id: string): Trainer | undefined {
  return trainers.find((trainer) => trainer.id === id);
}
