/** The first half of the gallery's states. */
import { walkGallery } from './gallery/walk-gallery.ts';

walkGallery(0);
