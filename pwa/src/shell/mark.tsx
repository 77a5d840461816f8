/**
 * The mark: a round wax seal, pressed with a plain envelope flap. One colour, the current one.
 */
export function Mark(props: { size: number }) {
  return (
    <svg class="mark" width={props.size} height={props.size} viewBox="0 0 64 64" aria-hidden="true">
      <path
        fill="currentColor"
        fill-rule="evenodd"
        d="M32 3c4.6 0 6.1 3.2 10 4.700s7.700.200 10.900 3.400 2 7 3.600 10.900S61 27.500 61 32s-3.100 6.100-4.600 10-.200 7.800-3.500 11-7 1.900-10.900 3.500S36.600 61 32 61s-6.100-3-10-4.600-7.800-.300-11-3.500-1.900-7-3.500-10.900S3 36.600 3 32s3-6.100 4.600-10 .200-7.700 3.400-10.900 7-1.900 11-3.500S27.400 3 32 3Zm-16 18.500v21.800c0 1.500 1.200 2.700 2.700 2.700h26.600c1.500 0 2.700-1.200 2.700-2.700V21.500L34.300 35.300a3.400 3.400 0 0 1-4.600 0Zm3.300-3.500L32 30.900 44.700 18Z"
      />
    </svg>
  );
}
