/** Search, status, tags, order and view. */

import { VIDEO_SORTS, VIDEO_STATUSES } from "@storagex/contract/videos/video-statuses";
import { For, type JSX, onCleanup, Show } from "solid-js";
import { type Filter, listTags } from "../api/calls/videos.ts";
import { useQuery } from "../api/query.ts";
import { t } from "../messages/library.ts";
import { Icon } from "../ui/Icon.tsx";
import { chooseView, view } from "./view.ts";

type FilterBarProps = {
  filter: Filter;
  /** The list of another filter is still shown. */
  isAwaited: boolean;
  /** Over everybody's videos: these have one view, and the tags that are offered are one's own. */
  isOfAll?: boolean;
  onChange: (filter: Filter) => void;
};

export function FilterBar(props: FilterBarProps): JSX.Element {
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  const search = (words: string) => {
    clearTimeout(timer);
    timer = setTimeout(() => props.onChange({ ...props.filter, q: words.trim() }), 250);
  };
  return (
    <search>
      <form
        class="grid grid-cols-2 gap-3 max-sm:[&>select:nth-of-type(3)]:col-span-2 sm:flex sm:flex-wrap"
        aria-busy={props.isAwaited}
        onSubmit={(event) => event.preventDefault()}
      >
        <div class="relative col-span-2 grow sm:basis-full lg:basis-40">
          <input
            type="search"
            name="q"
            dir="auto"
            aria-label={t("search")}
            placeholder={t("searchShort")}
            maxlength="200"
            value={props.filter.q ?? ""}
            onInput={(event) => search(event.currentTarget.value)}
            class="frame min-h-11 w-full min-w-0 px-3"
          />
          <Show when={props.isAwaited}>
            <span class="number absolute inset-y-0 right-3 grid place-items-center bg-paper">
              {t("searching")}
            </span>
          </Show>
        </div>
        <Choice
          label={t("status")}
          name="status"
          none={t("allVideos")}
          value={props.filter.status}
          values={VIDEO_STATUSES}
          nameOf={(status) => t("statuses")[status]}
          onChange={(status) => props.onChange(withOr(props.filter, { status }))}
        />
        <Show when={!props.isOfAll}>
          <TagChoice
            chosen={props.filter.tags}
            onChange={(tag) => props.onChange(withOr(props.filter, { tags: tag ? [tag] : undefined }))}
          />
        </Show>
        <Choice
          label={t("order")}
          name="sort"
          value={props.filter.sort ?? "newest"}
          values={VIDEO_SORTS}
          nameOf={(sort) => t("orders")[sort]}
          onChange={(sort) =>
            props.onChange(withOr(props.filter, { sort: sort === "newest" ? undefined : sort }))
          }
        />
        <Show when={!props.isOfAll}>
          <ViewSwitch />
        </Show>
      </form>
    </search>
  );
}

function TagChoice(props: {
  chosen: readonly string[] | undefined;
  onChange: (tag: string | undefined) => void;
}): JSX.Element {
  const tags = useQuery(() => ({ queryKey: ["tags"], queryFn: listTags }));
  const known = () => tags.data?.items.map(({ tag }) => tag) ?? [];
  return (
    <Show when={known().length > 0 || props.chosen}>
      <Choice
        label={t("tag")}
        name="tag"
        none={t("allTags")}
        value={props.chosen?.[0]}
        values={[...new Set([...known(), ...(props.chosen ?? [])])]}
        nameOf={(tag) => tag}
        onChange={props.onChange}
      />
    </Show>
  );
}

type Loose = { [K in keyof Filter]: Filter[K] | undefined };

/** The filter with these parts; undefined leaves a part out. */
function withOr(filter: Filter, parts: Loose): Filter {
  const { status, q, tags, sort }: Loose = { ...filter, ...parts };
  return {
    ...(status ? { status } : {}),
    ...(q ? { q } : {}),
    ...(tags ? { tags } : {}),
    ...(sort ? { sort } : {}),
  };
}

function Choice<V extends string>(props: {
  label: string;
  name: string;
  none?: string;
  value: V | undefined;
  values: readonly V[];
  nameOf: (value: V) => string;
  onChange: (value: V | undefined) => void;
}): JSX.Element {
  return (
    <select
      name={props.name}
      aria-label={props.label}
      class="frame label select min-h-11 min-w-0 sm:max-lg:grow"
      onChange={(event) => props.onChange(props.values.find((each) => each === event.currentTarget.value))}
    >
      <Show when={props.none}>
        <option value="" selected={props.value === undefined}>
          {props.none}
        </option>
      </Show>
      <For each={props.values}>
        {(value) => (
          <option value={value} selected={props.value === value}>
            {props.nameOf(value)}
          </option>
        )}
      </For>
    </select>
  );
}

function ViewSwitch(): JSX.Element {
  return (
    <fieldset class="flex border-3 border-ink max-sm:hidden">
      <legend class="sr-only">{t("view")}</legend>
      <For each={["grid", "list"] as const}>
        {(each) => (
          <button
            type="button"
            class="grid w-11 min-h-9.5 place-items-center aria-pressed:bg-ink aria-pressed:text-paper"
            aria-pressed={view() === each}
            aria-label={t("views")[each]}
            title={t("views")[each]}
            onClick={() => chooseView(each)}
          >
            <Icon name={each === "grid" ? "grid" : "menu"} size={16} />
          </button>
        )}
      </For>
    </fieldset>
  );
}
